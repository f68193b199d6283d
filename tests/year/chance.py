"""Rare things that surely happen: one of so many, at a place in each row of them that the seed chooses."""


class OneIn:
    """Called COUNT times it is true once; and again of the next COUNT."""

    def __init__(self, count, random):
        self.count, self.random = count, random
        self.left = []

    def __call__(self):
        if not self.left:
            self.left = [False] * self.count
            self.left[self.random.randrange(self.count)] = True
        return self.left.pop()
