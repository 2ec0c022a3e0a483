"""The page families, in the order of a visitor's way in."""

from matching.web import asking, desk, health, my, needs, plan, public, registering, signing

BLUEPRINTS = (
    health.pages,
    public.pages,
    signing.pages,
    asking.pages,
    registering.pages,
    my.pages,
    desk.pages,
    needs.pages,
    plan.pages,
)
