"""Charts of a coverage as SVG and PNG, with title and description in them, and the data of each as CSV and JSON."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.charts.build import DRAWN, ChartKind, Drawn, draw
from api.charts.png import MEDIA_TYPE as PNG
from api.charts.png import write_png
from api.charts.svg import MEDIA_TYPE as SVG
from api.charts.svg import write_svg
from api.dependencies import ServicesDep
from api.exports.csv_table import MEDIA_TYPE as CSV
from api.exports.csv_table import write_csv
from api.problems import bad_field
from api.routes.coverage import Coverage, Group, question_of
from api.routes.params import Texts

router = APIRouter(prefix="/charts", tags=["charts"])


class ChartFormat(StrEnum):
    SVG = "svg"
    PNG = "png"
    CSV = "csv"
    JSON = "json"


class ChartParams(Coverage):
    """The coverage that is drawn, and how much of it."""

    topic: Texts = Field(default=[], description="ids of topics; one for camps", examples=[["pooling"]])
    group: Group = None
    limit: int = Field(default=DRAWN, ge=1, le=60, description="rows, lanes, stakeholders or sums at most")
    least: int = Field(default=2, ge=1, le=50, description="proposals that make a tie between two, of camps")
    format: ChartFormat = Field(default=ChartFormat.SVG, description="the picture, or the data that it shows")


class ChartOut(BaseModel):
    """What a chart shows, in words and as a table."""

    title: str = Field(examples=["Pooling of GP and NHS budgets: camps"])
    describes: str = Field(examples=["12 stakeholders in three columns: support, in between, opposition."])
    columns: list[str] = Field(examples=[["stakeholder", "stance", "stories"]])
    rows: list[dict[str, str | float | int | None]] = Field(
        examples=[[{"stakeholder": "Fenland LMC", "stance": "oppose", "stories": 2}]]
    )


_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The chart, or its data",
        "content": {
            "image/svg+xml": {"schema": {"type": "string"}},
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


@router.get("/{kind}", response_model=ChartOut, responses=_CONTENT)
def get_chart(kind: ChartKind, params: Annotated[ChartParams, Query()], services: ServicesDep) -> Response:
    """`timeline`: stories by stance over time, a lane a proposal of one `stakeholder`, or a stakeholder of one
    `topic`. `map`: the map as a heat table. `camps`: the camps on one `topic` with the ties between stakeholders on
    all proposals. `funding`: quoted sums by time and size.

    Stances are told by shapes and words, never by colour alone. `format=csv` and `format=json` have the data.
    """
    question = question_of(params, services)
    if kind is ChartKind.CAMPS and len(params.topic) != 1:
        raise bad_field("query.topic", "is asked for once: camps are of one topic")
    if kind is ChartKind.TIMELINE and len(params.stakeholder) != 1 and (params.stakeholder or len(params.topic) != 1):
        raise bad_field("query.stakeholder", "is asked for once, or one topic without any: a timeline is of one")
    found = draw(services, kind, question, limit=params.limit, least=params.least)
    return _printed(found, kind, params.format)


def _printed(found: Drawn, kind: ChartKind, format: ChartFormat) -> Response:
    chart = found.chart
    match format:
        case ChartFormat.SVG:
            return Response(write_svg(chart), media_type=SVG)
        case ChartFormat.PNG:
            name = {"Content-Disposition": f'inline; filename="standpoint-{kind.value}.png"'}
            return Response(write_png(chart), media_type=PNG, headers=name)
        case ChartFormat.CSV:
            name = {"Content-Disposition": f'attachment; filename="standpoint-{kind.value}.csv"'}
            return Response(write_csv(found.columns, found.rows), media_type=CSV, headers=name)
        case ChartFormat.JSON:
            rows = [{key: _plain(cell) for key, cell in row.items()} for row in found.rows]
            out = ChartOut(title=chart.title, describes=chart.describes, columns=list(found.columns), rows=rows)
            return Response(out.model_dump_json(), media_type="application/json")


def _plain(cell: object) -> str | float | int | None:
    return cell if isinstance(cell, str | int | float) or cell is None else str(cell)
