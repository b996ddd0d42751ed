"""The account of who visits."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from wordround.web import account
from wordround.web.people import Person
from wordround.web.visits import visitor

router = APIRouter()


@router.get("/account")
def own(request: Request, person: Annotated[Person, Depends(visitor)]) -> HTMLResponse:
    """Who I am here and what I may do, also without a role and without a publication."""
    return account.page(request, person)
