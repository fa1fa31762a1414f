"""Nouns that texts of any kind come back to, and that say little of what two of them share."""

from garden import terms

VAGUE = frozenset(
    map(
        terms.term_key,
        """
        activity age angle app application approach area aspect attempt back bit case category century chance
        choice class collection component context course cycle date day decade degree delegation deployment
        designer detail device dimension direction edge effect effort element end event example exploration
        factor feature field figure form frame framework function future group guide half hand head hour idea
        individual instance intensity issue item kind layer level life lifetime line list location look lot
        manner mark matter meal means mechanism method methodology minute mode model moment month move movement
        name nature night note number numeral object option order organism outcome output part party pass past
        path people percent period person phase piece place point position practitioner problem procedure
        process program project purpose question range rate reason result role room rule scale section sense
        series set shape side sign situation size solution sort source space specific spectrum stage standpoint start
        state step structure style subject system task technique term theory thought time tone tool top topic
        trend turn type unit use value variety version view visit volume way week window word work world year
        """.split(),
    )
)
