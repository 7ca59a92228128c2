"""People in an article: who is named, which names are one person, and the part each plays, with the cue that says so.

names.py       tokens that name a person
shapes.py      what can be a name, from its words
missed.py      names that the model missed
furniture.py   bylines, credits and teasers, which name people who are not in the story
clusters.py    names and shorter forms of one person
pronouns.py    he and she
words.py       the words all rules look for, from data/reference/people_words.yaml
cues.py        what a rule hands on, and what it looks up in an article
titles.py      the role a title or an affiliation gives
clause.py      what a clause says around a word
harm.py        what shows that a person was affected
law.py         who went to law over it
roles.py       cues weighed to one role per person
attributes.py  age, gender, race and the like, as stated
described.py   victims that are described and not named
"""
