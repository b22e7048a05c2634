"""How much of each line comes back: by digits as they are typed, by steps, whole lines, everything."""

from ui.presenters.return_choice import Choice, Offer


def offered() -> Choice:
    return Choice((Offer(1, 0), Offer(2, 12_000), Offer(3, 750, weighed=True)))


def test_digits_make_a_number_that_is_never_more_than_is_left() -> None:
    choice = offered()
    assert choice.selected == 2  # of the first nothing is left
    for typed, chosen in (("1", 1_000), ("1", 11_000), ("⌫", 1_000), ("5", 12_000), (".", 12_000), ("⌫", 1_000), ("⌫", 0)):
        choice.type(typed)
        assert choice.chosen.get(2, 0) == chosen


def test_weighed_goods_come_back_by_weight_or_whole() -> None:
    choice = offered()
    choice.select(3)
    choice.step(1)
    assert choice.chosen == {3: 750}
    choice.step(-1)
    assert choice.chosen == {}
    for typed, chosen in ((".", 0), ("2", 200), ("5", 250), ("0", 250), ("1", 250)):
        choice.type(typed)
        assert choice.chosen.get(3, 0) == chosen


def test_everything_twice_is_nothing() -> None:
    choice = offered()
    choice.everything()
    assert choice.chosen == {2: 12_000, 3: 750}
    choice.everything()
    assert choice.chosen == {}
    choice.whole_line()
    assert choice.chosen == {2: 12_000}
    choice.step(-10_000)
    assert choice.chosen == {}


def test_without_a_line_nothing_happens() -> None:
    choice = Choice(())
    choice.step(1)
    choice.type("1")
    choice.whole_line()
    assert choice.chosen == {}
