"""You repeat the last hour. A day has a shape, high at noon and low at night:
take it from whole days.
"""


def forecast(history):
    days = history.reshape(28, 24)
    return days[-1, -1].repeat(24)
