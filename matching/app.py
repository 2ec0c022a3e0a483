"""create_app(): wires extensions, blueprints, error pages. No logic."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import config as settings
from matching import (
    api,
    models,  # noqa: F401 - every table is known before the first query
)
from matching.kernel import clock, keyring, logs
from matching.kernel.database import db
from matching.web import (
    access,
    announcing,
    compression,
    entering,
    errors,
    form_tokens,
    hooks,
    incoming,
    metrics,
    navigation,
    origins,
    row_numbers,
    security,
    sessions,
    stylesheet,
    surroundings,
)
from matching.web.pages import BLUEPRINTS

LARGEST_FORM_BYTES = 2 * 1024 * 1024


def create_app(config: settings.Config | None = None) -> Flask:
    """Build the application from a checked configuration (default: the environment)."""
    config = config or settings.load()
    logs.configure(config.log_level)
    clock.freeze(config.frozen_now)
    clock.run_ahead(config.clock_ahead)
    keyring.configure(config.field_keys_file)
    app = origins.Named(
        "matching",
        root_path=str(settings.ROOT / "matching"),
        template_folder=str(settings.ROOT / "templates"),
    )
    app.request_class = incoming.Incoming
    app.config.from_mapping(_flask_settings(config))
    app.extensions["musubi"] = config
    _wire(app)
    return app


def _flask_settings(config: settings.Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.secret_keys[0],
        "SECRET_KEY_FALLBACKS": list(config.secret_keys[1:]),
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "connect_args": {
                "connect_timeout": 5,
                "options": "-c statement_timeout=60000 -c lock_timeout=10000 -c timezone=UTC"
                " -c musubi.areas=*",  # what is no request serves the whole city
            },
            "pool_timeout": 5,
            "query_cache_size": 4000,  # the pages have more statements than the usual 500
        },
        "SESSION_COOKIE_SECURE": config.secure_cookies,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": LARGEST_FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM_BYTES,
        "BABEL_DEFAULT_LOCALE": "ja",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Tokyo",
    }


def _around() -> dict[str, Any]:
    """What pages may ask for around their own content; partial ones ask for none of it."""
    return {
        "navigation": navigation.navigation,
        "announcements": announcing.announcements,
        "trial": announcing.trial,
    }


def _wire(app: Flask) -> None:
    config: settings.Config = app.extensions["musubi"]
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.session_interface = sessions.DatabaseSessions()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    origins.register(app)  # before the form token: who asks under another name gets no page
    db.init_app(app)
    Migrate(app, db, directory=str(settings.ROOT / "migrations"), compare_type=True)
    csrf = form_tokens.FormTokens(app)
    Babel(app, locale_selector=surroundings.babel_locale)
    login = LoginManager(app)
    login.session_protection = None  # the session row is the protection
    login.user_loader(entering.load_user)
    errors.register(app)
    row_numbers.register(app)  # before the addresses are declared
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(api.pages)
    csrf.exempt(api.pages)  # a token in a header, never a cookie
    csrf.exempt(hooks.pages)  # a signature over the body
    metrics.register(app)
    stylesheet.register(app)
    compression.register(app)
    app.before_request(access.guard(app))
    app.context_processor(surroundings.surroundings)
    app.context_processor(_around)
    surroundings.register_filters(app)
    app.after_request(security.add_headers)
    access.require_declarations(app)
