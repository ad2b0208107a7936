"""You average all days, workdays and weekends alike. Average those with the
weekday of tomorrow, the first of every week: `weeks[:, 0]`.
"""


def forecast(history):
    days = history.reshape(28, 24)
    return days.mean(axis=0)
