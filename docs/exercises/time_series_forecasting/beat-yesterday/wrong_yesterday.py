"""This is yesterday once more: the forecast that you are to beat. Its weekday
is wrong on Mondays and Saturdays; the day a week ago has the right one.
"""


def forecast(history):
    days = history.reshape(28, 24)
    return days[-1]
