"""The mean of the four days has the right shape and little noise, but the level
of weeks ago. Put the level of now in its place.
"""


def forecast(history):
    weeks = history.reshape(4, 7, 24)
    return weeks[:, 0].mean(axis=0)
