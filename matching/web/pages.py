"""The page families, in the order of a visitor's way in."""

from matching.web import (
    admin,
    asking,
    commissioner,
    desk,
    health,
    my,
    my_availability,
    needs,
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
    commissioner.pages,
    desk.pages,
    needs.pages,
    plan.pages,
    reports.pages,
    styleguide.pages,
    admin.pages,
)
