from benchmarks.clock import Clock


class Hands:
    """A clock's hands, which move only when they are moved."""

    time = 0.0

    def __call__(self):
        return self.time


def test_counts_after_the_warm_up():
    hands = Hands()
    clock = Clock(10.0, warm=3, now=hands)

    def work():
        hands.time += 100.0 if hands.time == 0 else 2.0  # the first one compiles

    clock.run(work)
    assert (clock.startup, clock.units, clock.elapsed) == (104.0, 5, 10.0)


def test_a_call_of_many_units_is_warm_up_enough():
    hands = Hands()
    clock = Clock(3.0, warm=3, now=hands)

    def work():
        hands.time += 2.0

    clock.run(work, 20)
    assert (clock.startup, clock.units, clock.elapsed) == (2.0, 40, 4.0)
