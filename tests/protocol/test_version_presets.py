"""The presets are what their groups say."""

from wsinspector.protocol.version import judge_request_lines
from wsinspector.protocol.version_presets import VERSION_PRESETS, PresetGroup


def test_each_preset_fits_its_group() -> None:
    assert len({preset.values for preset in VERSION_PRESETS}) == len(VERSION_PRESETS)
    order = [list(PresetGroup).index(preset.group) for preset in VERSION_PRESETS]
    assert order == sorted(order)
    for preset in VERSION_PRESETS:
        judged = judge_request_lines(preset.values)
        valid = all(each.ok for each in judged.judgements)
        assert preset.meaning
        if preset.group is PresetGroup.MALFORMED:
            assert not valid
        else:
            assert valid
        assert (preset.group is PresetGroup.REPEATED) == (len(preset.values) > 1)
