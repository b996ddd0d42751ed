"""What the blocks of sources behind the Graph API share. Light: settings load it."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from wordround.connectors.blocks import Address, AskedSource


class GraphBlock(AskedSource):
    """The block of a source that reads the trust's own pages or accounts, each named by its number."""

    answers_to = ("places",)
    # What a place is, in words.
    place_is: ClassVar[str]

    address: Address = "https://graph.facebook.com/v26.0"
    comments_days: int = Field(
        default=30, ge=0, le=365, description="how old a post may be that is looked at for new comments"
    )

    @model_validator(mode="after")
    def _asks_by_number(self) -> Self:
        for place in (place for query in self.queries for place in query.places):
            if "group" in place.lower():
                raise ValueError("groups are closed spaces and are not read, whoever is a member of them")
            if not place.isascii() or not place.isdigit():
                raise ValueError(f"a place is the number of {self.place_is}, not its name or address")
        return self
