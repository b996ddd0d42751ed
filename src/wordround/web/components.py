"""Components of the NHS design system for the templates, and the templates' environment.

The components' own templates want undefined values to be quiet; ours must not have any. So there are two environments,
and a component is called from one and rendered in the other: `nhsuk.button({"text": "Save"})`.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wordround import getting_help
from wordround.plain_text import label
from wordround.published import wording
from wordround.published.disclosure import fine_percent, percent
from wordround.web.comment_links import comments_link
from wordround.web.menu import menu

ASSETS = files("wordround.web") / "assets"
_OUTCOMES = {"no_change": "nothing was changed", "planned": "a change is planned", "made": "a change was made"}


class Components:
    """The macros of the design system as functions, by the name of the component."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("nhsuk_frontend_jinja"),
            autoescape=True,
            undefined=ChainableUndefined,
            auto_reload=False,
        )

    def __getattr__(self, name: str) -> Any:
        first, *rest = name.split("_")
        template = self._environment.get_template(f"nhsuk/components/{name.replace('_', '-')}/macro.jinja")
        return getattr(template.module, first + "".join(map(str.capitalize, rest)))


@cache
def environment() -> Environment:
    """The page's templates, with autoescape on and nothing undefined."""
    made = Environment(
        loader=PackageLoader("wordround.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.globals.update(
        nhsuk=Components(), getting_help=getting_help, variation=wording.VARIATION, Markup=Markup, menu=menu,
        outcomes=_OUTCOMES, comments_link=comments_link,
    )  # fmt: skip
    made.filters.update(
        day=wording.day,
        week_span=wording.week_span,
        percent=percent,
        fine_percent=fine_percent,
        moment=wording.moment,
        in_words=wording.in_words,
        label=label,
        listed=wording.listed,
        counted=wording.counted,
    )
    return made
