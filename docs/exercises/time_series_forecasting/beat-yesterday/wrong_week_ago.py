"""The day a week ago has the right weekday, but all its noise, and the level of
a week ago. Average several of its kind, and correct the level.
"""


def forecast(history):
    days = history.reshape(28, 24)
    return days[-7]
