"""Data sources there and back, against the sandbox."""

import pytest

from apps.aurorax import AuroraX, DataSource, errors
from tests.aurorax.against_sandbox import EXAMPLE


def test_a_created_source_is_found_as_it_was_created(owner: AuroraX, example: DataSource) -> None:
    assert example.owner == "owner@example.org"
    assert owner.sources.get(example.identifier) == example
    assert owner.sources.list(program="example-program") == [example]
    kept = example.to_api()
    assert {name: kept[name] for name in EXAMPLE} == EXAMPLE


def test_a_source_that_exists_already_is_a_conflict(owner: AuroraX, example: DataSource) -> None:
    with pytest.raises(errors.Conflict):
        owner.sources.create(EXAMPLE | {"display_name": "Another"})


def test_every_filter_of_the_list_narrows_it(owner: AuroraX, example: DataSource) -> None:
    everything = owner.sources.list()
    assert len(everything) > 100
    assert [source.identifier for source in everything] == sorted(source.identifier for source in everything)
    for name in ("program", "platform", "instrument_type", "source_type", "owner"):
        value = getattr(example, name)
        found = owner.sources.list(**{name: value})
        assert found == [source for source in everything if getattr(source, name) == value]
        assert example in found


def test_smaller_formats_leave_keys_out(owner: AuroraX, example: DataSource) -> None:
    (short,) = owner.sources.list(program="example-program", record_format="identifier_only")
    assert short == DataSource(example.identifier)


def test_a_partial_update_changes_only_what_it_names(owner: AuroraX, example: DataSource) -> None:
    changed = owner.sources.update(
        example.identifier, {"display_name": "New name", "maintainers": ["maintainer@example.org"]}
    )
    assert changed.to_api() == example.to_api() | {
        "display_name": "New name",
        "maintainers": ["maintainer@example.org"],
    }


def test_empty_lists_and_objects_overwrite(owner: AuroraX, example: DataSource) -> None:
    owner.sources.update(
        example.identifier, {"maintainers": ["maintainer@example.org"], "metadata": {"a": 1}}
    )
    emptied = owner.sources.update(
        example.identifier, {"maintainers": [], "metadata": {}, "ephemeris_metadata_schema": []}
    )
    assert (emptied.maintainers, emptied.metadata, emptied.ephemeris_metadata_schema) == ((), {}, ())


def test_a_replacement_loses_what_it_leaves_out(owner: AuroraX, example: DataSource) -> None:
    required = {name: EXAMPLE[name] for name in EXAMPLE if not name.endswith("schema")}
    replaced = owner.sources.replace(example.identifier, required)
    assert replaced.ephemeris_metadata_schema == ()
    assert replaced.identifier == example.identifier


def test_a_whole_record_survives_its_own_replacement(owner: AuroraX, example: DataSource) -> None:
    assert owner.sources.replace(example.identifier, example.to_api()) == example


def test_a_deleted_source_is_gone_and_can_come_back_under_its_number(
    owner: AuroraX, example: DataSource
) -> None:
    owner.sources.delete(example.identifier)
    with pytest.raises(errors.NotFound, match=f"identifier {example.identifier}"):
        owner.sources.get(example.identifier)
    assert owner.sources.create(EXAMPLE | {"identifier": example.identifier}) == example


def test_hidden_sources_stay_out_of_the_list(admin: AuroraX) -> None:
    admin.sources.create(EXAMPLE | {"identifier": -7, "source_type": "not_applicable"})
    assert admin.sources.list(program="example-program") == []
    assert admin.sources.get(-7).source_type == "not_applicable"
