def count_down(n):
    return [], 0
