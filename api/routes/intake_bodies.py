"""Articles that are sent to be kept: the body of one, and what came of a job."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from api.routes.bodies import CleanText, DatedText, ShortText
from api.store.uploads import Upload


class ArticleIn(BaseModel):
    """One article as text; what is not given is looked for in the text."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Practices split over shared budget",
                    "publisher": "The Local Paper",
                    "published": "2015-03-12",
                    "url": "https://local-paper.example/practices-split",
                    "text": "Practices split over shared budget\n\nDr Asha Menon, chair of Fenland LMC, said: "
                    "‘We are against a single budget with the hospitals.’",
                }
            ]
        },
    )

    text: CleanText = Field(min_length=1, description="plain text, paragraphs apart by blank lines")
    title: ShortText | None = None
    publisher: ShortText | None = None
    published: DatedText | None = Field(default=None, examples=["2015-03"])
    url: HttpUrl | None = None

    def to_upload(self) -> Upload:
        """The text as a file that was sent, and what is said of it beside the text."""
        given: dict[str, Any] = self.model_dump(mode="json", exclude={"text"}, exclude_none=True)
        return Upload("request", self.text.encode("utf-8"), given or None)


class SkippedOut(BaseModel):
    file: str = Field(examples=["scan.pdf"])
    reason: str = Field(examples=["has no text layer"])


class IntakeFileOut(BaseModel):
    """One file that was read: what it says it holds (null: it does not say), and what was found."""

    file: str = Field(examples=["cuttings.docx"])
    format: str = Field(examples=["text"])
    declared: int | None = Field(examples=[12])
    parsed: int = Field(examples=[12])
    articles: int = Field(examples=[11])
    skipped: int = Field(examples=[1])


class IntakeFormatOut(BaseModel):
    format: str = Field(examples=["text"])
    files: int = Field(examples=[1])
    parsed: int = Field(examples=[12])
    articles: int = Field(examples=[11])
    skipped: int = Field(examples=[1])
    withdrawn: int = Field(examples=[0])


class ReasonOut(BaseModel):
    format: str = Field(examples=["unknown"])
    reason: str = Field(examples=["has no text layer"])
    count: int = Field(examples=[1])


class IntakeOut(BaseModel):
    """What came of the files that were sent; lists name the first 500, counts count all."""

    stored: int = Field(description="articles that are new or changed", examples=[11])
    unchanged: int = Field(description="articles that were there like this", examples=[0])
    withdrawn: int = Field(description="articles that their publisher takes back", examples=[0])
    left_out: int = Field(description="files of other formats than the one asked for", examples=[0])
    skipped_count: int = Field(description="files and items that gave no article", examples=[1])
    skipped: list[SkippedOut]
    files: list[IntakeFileOut]
    formats: list[IntakeFormatOut]
    reasons: list[ReasonOut]
