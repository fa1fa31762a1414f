import orjson
import pytest

from garden.config import LARGEST, Settings
from garden.errors import SettingsError
from garden.settings import settings_from, unknown_variables


def test_without_anything_said_the_defaults_hold() -> None:
    assert settings_from("", {}, {}).links.most == 8


def test_flags_win_over_the_environment_and_that_over_the_file() -> None:
    toml = "[links]\nmost = 3\nadd_above = 0.7\nkeep_above = 0.1\n"
    environ = {
        "GARDEN_LINKS__MOST": "4",
        "GARDEN_LINKS__ADD_ABOVE": "0.8",
        "GARDEN_CACHE": "/elsewhere",
        "HOME": "/home",
    }
    links = settings_from(toml, environ, {"links.most": 5}).links
    assert (links.most, links.add_above, links.keep_above) == (5, 0.8, 0.1)


@pytest.mark.parametrize(
    ("toml", "environ", "source", "setting", "message"),
    [
        ("[links]\nmost = -1", {}, "garden.toml", "links.most", "greater than or equal to 0"),
        ("[links]\nmots = 1", {}, "garden.toml", "links.mots", "no such setting; near it: most"),
        ("[links\n", {}, "garden.toml", "syntax", "Expected ']'"),
        (
            "",
            {"GARDEN_LINKS__MOST": "many"},
            "environment variable GARDEN_LINKS__MOST",
            "links.most",
            "should be a whole number",
        ),
        ("links = 5", {}, "garden.toml", "links", "should be a table: [links] on a line of its own"),
        ("[read]\ninclude = '*.md'", {}, "garden.toml", "read.include", "should be a list, like"),
        (
            "[vocabulary]\naliases = 1",
            {},
            "garden.toml",
            "vocabulary.aliases",
            "a table: [vocabulary.aliases] on a line",
        ),
        ("[entities]\nmerge = 'often'", {}, "garden.toml", "entities.merge", "should be true or false"),
        ("", {"GARDEN_LINKS": "3"}, "environment variable GARDEN_LINKS", "links", "its settings: GARDEN_LINKS__..."),
        ("", {"GARDEN_READ__INCLUDE": "*"}, "environment variable GARDEN_READ__INCLUDE", "read.include", "is a list"),
        (
            "[links]\nmost = 3",
            {"GARDEN_LINKS__MOST__X": "3"},
            "environment variable GARDEN_LINKS__MOST__X",
            "links.most.x",
            "there is no such setting",
        ),
        ("runner = 'cloud'", {}, "garden.toml", "runner.kind", "'here', 'threads', 'processes' or 'dask'"),
        ("[runner]\nworkers = -1", {}, "garden.toml", "runner.workers", "greater than or equal to 0"),
        ("[links]\nmost = true", {}, "garden.toml", "links.most", "should not be true or false"),
        ("[links]\nadd_above = nan", {}, "garden.toml", "links.add_above", "should be a finite number"),
        (
            "[fields]\nlinks_kind = ' '",
            {},
            "garden.toml",
            "fields.links_kind",
            "should not be empty; leave the line out",
        ),
        ("[encoder]\nmodel = ''", {}, "garden.toml", "encoder.model", "should not be empty; leave the line out"),
        ("[section]\nkey = ''", {}, "garden.toml", "section.key", "should not be empty; leave the line out"),
        ("[publish]\nlabels = ['']", {}, "garden.toml", "publish.labels", "should hold no empty label; write [] for"),
        ("[publish]\nauthor = 'a<b>'", {}, "garden.toml", "publish.author", "should be on one line, without < and >"),
        ("[publish]\nemail = '<a@b>'", {}, "garden.toml", "publish.email", "should be on one line, without < and >"),
        ("[publish]\nremote = '-x'", {}, "garden.toml", "publish.remote", "should not begin with -, which git takes"),
        ("[publish]\nremote = ''", {}, "garden.toml", "publish.remote", "should not be empty; leave the line out"),
        (
            "",
            {"GARDEN_PUBLISH__BASE": "--all"},
            "environment variable GARDEN_PUBLISH__BASE",
            "publish.base",
            "should not begin with -",
        ),
        ("[publish]\nprefix = 'a/b'", {}, "garden.toml", "publish.prefix", "should be letters, digits, _ and - alone"),
        (
            "[vocabulary.aliases]\nenables = 'tools'",
            {},
            "garden.toml",
            "vocabulary",
            "alias enables of tools is itself",
        ),
        ("[read]\ninclude = []", {}, "garden.toml", "read.include", "should name at least one"),
        ("[publish]\nrepository = 'nope'", {}, "garden.toml", "publish.repository", "should be owner/name"),
        ("[publish]\napi = 'ftp://x'", {}, "garden.toml", "publish.api", "should begin with https://"),
        ("[section]\nkey = 'relationships'", {}, "garden.toml", "section.key", "fields.relationships says so"),
        ("[section]\nkey = 'ontology'", {}, "garden.toml", "section.key", "fields.tension says so"),
        (
            "",
            {"GARDEN_SECTION__KEY": "title"},
            "environment variable GARDEN_SECTION__KEY",
            "section.key",
            "fields.title",
        ),
        ("[vocabulary.inverses]\nrequires = 'enables'", {}, "garden.toml", "vocabulary", "inverse"),
        ("[vocabulary.aliases]\nneeds = 'wants'", {}, "garden.toml", "vocabulary", "no type"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(toml, environ, source, setting, message) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(toml, environ, {})
    assert caught.value.source == source
    assert caught.value.setting == setting
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("toml", "place"),
    [
        ("[links]\n\n  most = -1\n", "3:3: links.most: "),
        ("links.most = -1\n", "1:1: links.most: "),
        ("[read]\ninclude = ['*.md', 3]\n", "2:1: read.include.1: "),
        ("[links]\nmost = 3\n[link]\nmost = 3\n", "3:1: link: "),
        ('["links"]\n"most" = -1\n', "2:1: links.most: "),
        ("[vocabulary.inverses]\nrequires = 'enables'\n", "1:1: vocabulary: "),
        ("# None.\n[links\n", "2:7: syntax: "),
        ('[links]\nmost = """3', "2:12: syntax: "),
        ("links = {most = -1}\n", "1:1: links.most: "),
    ],
)
def test_a_wrong_setting_of_a_file_is_named_with_line_and_column(toml: str, place: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(toml, {}, {}, "lib/garden.toml")
    assert str(caught.value).startswith(f"lib/garden.toml:{place}")


def test_a_byte_order_mark_is_no_part_of_the_settings() -> None:
    assert settings_from("\ufeff[links]\nmost = 5\n", {}, {}).links.most == 5


def test_what_is_no_setting_of_ours_in_the_environment_is_left_alone() -> None:
    environ = {"GARDEN_CACHE": "/elsewhere", "GARDEN_TOKEN": "x", "GARDEN_PARTY": "yes", "LINKS": "3"}
    assert settings_from("", environ, {}) == settings_from("", {}, {})


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("GARDEN_CAHCE", "near it: GARDEN_CACHE"),
        ("GARDEN_TOKN", "near it: GARDEN_TOKEN"),
        ("GARDEN_LINKS_MOST", "near it: GARDEN_LINKS__MOST"),
        ("GARDEN_runer", "near it: GARDEN_RUNNER"),
        ("GARDEN_PARTY", "settings are written like GARDEN_LINKS__MOST"),
    ],
)
def test_a_variable_named_like_a_setting_that_is_none_is_told_with_the_name_near_it(name: str, near: str) -> None:
    environ = {name: "1", "GARDEN_CACHE": "x", "GARDEN_RUNNER": "here", "GARDEN_links__most": "3", "LINKS": "3"}
    (line,) = unknown_variables(environ, ("GARDEN_CACHE", "GARDEN_TOKEN"))
    assert line == f"environment variable {name} does nothing: there is no such setting; {near}"


def test_a_runner_may_be_named_by_itself_in_the_environment_too() -> None:
    runner = settings_from("", {"GARDEN_RUNNER": "threads", "GARDEN_RUNNER__WORKERS": "2"}, {}).runner
    assert (runner.kind, runner.workers) == ("threads", 2)


def test_a_one_way_type_is_written_as_an_empty_inverse() -> None:
    toml = "[vocabulary]\nfallback = 'near'\naliases = {}\n[vocabulary.inverses]\nnear = 'near'\ncites = ''\n"
    vocabulary = settings_from(toml, {}, {}).vocabulary
    assert vocabulary.inverse("cites") is None
    assert vocabulary.symmetric("near")


@pytest.mark.parametrize("toml", ["runner = 'dask'", "[runner]\nkind = 'dask'"])
def test_a_runner_may_be_named_by_itself(toml) -> None:
    runner = settings_from(toml, {"GARDEN_RUNNER__ADDRESS": "tcp://10.0.0.5:8786"}, {}).runner
    assert (runner.kind, runner.address) == ("dask", "tcp://10.0.0.5:8786")


def test_where_the_work_is_done_decides_nothing() -> None:
    assert settings_from("runner = 'dask'", {}, {}).deciding() == settings_from("", {}, {}).deciding()


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[links]\nmots = 3", "links.mots: there is no such setting; near it: most"),
        ("link = 3", "link: there is no such setting; near it: links"),
        (
            "[entities]\nzzz = 3",
            "entities.zzz: there is no such setting; there are add, keep_above, merge, rescore_beyond",
        ),
    ],
)
def test_a_setting_that_there_is_not_is_named_with_those_near_it(toml, said):
    with pytest.raises(SettingsError) as refused:
        settings_from(toml, {}, {})
    assert str(refused.value).endswith(said)


WHOLE = [
    (group, name)
    for group, model in Settings()
    for name, said in type(model).model_json_schema()["properties"].items()
    if "integer" in (each.get("type") for each in (said, *said.get("anyOf", ())))
]


@pytest.mark.parametrize(("group", "name"), WHOLE)
def test_a_number_that_no_report_could_hold_is_refused(group: str, name: str) -> None:
    with pytest.raises(SettingsError, match="less than or equal to"):
        settings_from(f"[{group}]\n{name} = {LARGEST + 1}", {}, {})


@pytest.mark.parametrize("group", ["links", "communities", "health"])
def test_the_largest_seed_is_one(group: str) -> None:
    settings = settings_from(f"[{group}]\nseed = {LARGEST}", {}, {})
    assert str(LARGEST) in orjson.dumps(settings.deciding()).decode()
