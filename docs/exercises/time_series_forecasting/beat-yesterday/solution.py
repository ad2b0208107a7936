def forecast(history):
    weeks = history.reshape(4, 7, 24)
    level = weeks.mean(axis=(1, 2))  # (4,): the mean of each week
    shape = weeks[:, 0] - level[:, None]  # (4, 24): the weekday to come
    growth = level[3] - level[2]  # in a week
    return shape.mean(axis=0) + level[3] + growth
