from wine.data import load, split


def test_a_quarter_of_each_cultivar_is_held_out():
    train, test = split(load(), seed=42)
    assert len(test) == 45
    assert set(test["target"]) == {0, 1, 2}
    assert not set(train.index) & set(test.index)
