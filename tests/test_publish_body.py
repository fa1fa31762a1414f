"""What a list in a pull request's text says after a person was at it."""

import pytest

from garden.publish.body import CLOSING, OPENING, ticks

ONE, OTHER = "0123456789ab", "ba9876543210"
LINES = [f"- [x] `{ONE}` **A** → **B**: add link, 0.80. A reason.", f"- [x] `{OTHER}` **C**: add link, 0.70."]


def text(*lines: str) -> str:
    return "\n".join(["Said before.", OPENING, *lines, CLOSING, "Said after."])


@pytest.mark.parametrize(
    "line",
    [
        LINES[0],
        f"- [X] `{ONE}` in my own words",
        f"  -  [x]  `{ONE}`  **A**  ",
        f"+ [x] `{ONE}` **A**",
        f"1. [x] `{ONE}` **A**",
        f"- [ x ] `{ONE}` **A**",
        f"- [x] {ONE} **A**",
        f"- [x] **`{ONE}`** **A**",
        f"> - [x] `{ONE}` **A**",
    ],
)
def test_a_ticked_line_that_a_person_has_edited_is_still_ticked(line: str) -> None:
    told = ticks(text(line, LINES[1]))
    assert (set(told.ticked), set(told.unticked)) == ({ONE, OTHER}, set())


@pytest.mark.parametrize("box", ["[ ]", "[]", "[  ]"])
def test_an_unticked_line_is_unticked_however_its_box_is_emptied(box: str) -> None:
    told = ticks(text(f"- {box} `{ONE}` **A**", LINES[1]))
    assert (set(told.ticked), set(told.unticked)) == ({OTHER}, {ONE})


def test_a_list_of_which_all_lines_were_taken_out_is_still_a_list() -> None:
    assert ticks(text()).whole
    assert not ticks("In my own words.").whole


@pytest.mark.parametrize("sign", [OPENING, CLOSING])
def test_a_line_taken_out_with_the_unseen_sign_beside_it_is_taken_out(sign: str) -> None:
    told = ticks(text(LINES[1]).replace(sign, ""))
    assert (set(told.ticked), told.whole) == ({OTHER}, True)


@pytest.mark.parametrize("line", [f"- [ ] ask Bea about `{ONE}`", f"- `{ONE}` is fine", f"- [x] ~~`{ONE}`~~ **A**"])
def test_a_line_of_ones_own_that_names_a_proposal_is_no_line_of_the_list(line: str) -> None:
    told = ticks(text(line, LINES[1]))
    assert (set(told.ticked), set(told.unticked)) == ({OTHER}, set())


@pytest.mark.parametrize("line", ["- [x] **A** → **B**", "  * [X]  **A** → **B** ", "- [x] `0123` **A** → **B**"])
def test_a_ticked_line_without_its_id_is_nameless(line: str) -> None:
    told = ticks(text(line, LINES[1]))
    assert [said.endswith("**A** → **B**") for said in told.nameless] == [True]


@pytest.mark.parametrize("line", [*LINES, "- [ ] **A** → **B**", "- [x] ~~**A** → **B**~~", "- **A** → **B**", "[x] A"])
def test_a_line_that_bears_its_id_or_is_not_ticked_is_not_nameless(line: str) -> None:
    assert ticks(text(line, LINES[1])).nameless == ()
