from incidents.publish.names import NameFinder, slug


def test_a_name_is_replaced_wherever_and_however_it_stands():
    finder = NameFinder({"Jo Example": "[a woman]", "Example": "[a woman]"})
    assert (
        finder.replace("Jo Example's lawyer said Example, 32, knew.") == "[a woman]'s lawyer said [a woman], 32, knew."
    )


def test_part_of_a_word_is_no_name():
    assert NameFinder({"Example": "[x]"}).replace("Examples abound") == "Examples abound"


def test_the_longer_name_wins_and_a_kept_name_stays():
    finder = NameFinder({"Doe": "[a man]", "Mayor Ann Doe": None})
    assert finder.replace("Mayor Ann Doe met Doe") == "Mayor Ann Doe met [a man]"


def test_accents_and_case_do_not_hide_a_name():
    assert NameFinder({"José Núñez": "[a man]"}).replace("JOSE NUNEZ came") == "[a man] came"


def test_two_names_side_by_side_are_not_joined_over_a_sentence():
    assert NameFinder({"Jo Example": "[x]"}).replace("He met Jo; Example is a town") == "He met Jo; Example is a town"


def test_slug():
    assert slug("José Núñez: “a day”") == "jose-nunez-a-day"
