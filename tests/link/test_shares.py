from incidents.link.shares import shares


def test_a_word_counts_once_an_article_and_a_name_not_at_all():
    texts = [
        (f"Vote {n}", f"Jane Miller said that face searches in town {n} must end. Searches end.") for n in range(4)
    ]
    found = dict(shares([*texts, ("Weather", "Rain again.")]))
    assert found["search"] == 0.8
    assert not {"miller", "jane", "rain"} & found.keys()
