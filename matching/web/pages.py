"""The page families, in the order of a visitor's way in."""

from matching.web import (
    admin,
    answers,
    asking,
    commissioner,
    desk,
    health,
    my,
    my_availability,
    needs,
    offers,
    plan,
    public,
    registering,
    reports,
    signing,
    styleguide,
)

BLUEPRINTS = (
    health.pages,
    public.pages,
    signing.pages,
    asking.pages,
    registering.pages,
    my.pages,
    my_availability.pages,
    answers.pages,
    commissioner.pages,
    desk.pages,
    needs.pages,
    offers.pages,
    plan.pages,
    reports.pages,
    styleguide.pages,
    admin.pages,
)
