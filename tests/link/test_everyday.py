"""Everyday news: most stories of a week have one article each, and many are on one topic."""


def started(news, slug, title, text, on, vendor=None):
    """An article on a system that somebody started to use."""
    bodies = ((vendor, "vendor"),) if vendor else ()
    event = {"type": "deployment_started", "organizations": bodies}
    return news.article(slug, title, text, on, "deployment", events=(event,))


def test_two_product_stories_of_a_week_stay_apart(news):
    one = started(
        news,
        "alpha",
        "Norvik brings face check-in to two airports",
        "Norvik has installed face gates at two airports in the north. Passengers who enrol at a kiosk may walk "
        "to their plane without a boarding pass.",
        "2023-08-01",
        "Norvik",
    )
    other = started(
        news,
        "beta",
        "Stadium opens with a face",
        "Halden Systems installed face gates at the east stand of a football ground. Holders of a season ticket "
        "enrol with a telephone and are let in faster.",
        "2023-08-04",
        "Halden Systems",
    )
    assert news.grouped(news.link()) == sorted([{one}, {other}], key=sorted)


def test_two_laws_of_a_week_stay_apart(news):
    bill = ({"type": "bill_proposed"},)
    senate = news.article(
        "alpha",
        "Schools: a bill would stop face recognition",
        "Two senators introduced the bill after parents had complained about cameras that compare pupils at the gate.",
        "2023-09-05",
        "policy_event",
        events=bill,
    )
    parliament = news.article(
        "beta",
        "Grocers fight plan for shops",
        "A bill introduced by two members would have shops ask before a camera compares faces at the till.",
        "2023-09-09",
        "policy_event",
        events=bill,
    )
    assert news.grouped(news.link()) == sorted([{senate}, {parliament}], key=sorted)


def test_one_story_of_a_week_is_one(news):
    one = started(
        news,
        "alpha",
        "Ferry company scans the faces of drivers at the harbour",
        "The ferry company began to scan the faces of lorry drivers at the harbour on Monday.",
        "2023-08-01",
    )
    other = started(
        news,
        "beta",
        "Look up before you board",
        "The face of whoever drives a lorry onto a ferry is compared with a list, the harbour confirmed on Tuesday.",
        "2023-08-02",
    )
    assert news.grouped(news.link()) == [{one, other}]
