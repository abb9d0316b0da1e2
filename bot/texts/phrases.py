"""What several subjects say: a title, a name, a day."""

from datetime import datetime

from babel.dates import format_date, format_time

from bot.texts.language import Language
from models import Coupon, CouponState
from services.coupons import coupons
from services.coupons.coupons import Day
from services.text.characters import is_blank
from services.text.shortening import shortened

# UTF-16 code units
TITLE_LIMIT = 120
NAME_LIMIT = 60


class Phrases:
    """What is said of one subject, in one language; beside it, what they all say alike."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._ = language.gettext

    def _validity(self, coupon: Coupon) -> str:
        first, last = self._day(coupons.first_day(coupon)), self._day(coupons.last_day(coupon))
        match coupons.state(coupon):
            case CouponState.WITHDRAWN:
                return self._("withdrawn")
            case CouponState.UPCOMING:
                return self._("valid from {date}").format(date=first)
            case CouponState.EXPIRED:
                return self._("expired on {date}").format(date=last)
            case _:
                return self._("valid until {date}").format(date=last) if last else ""

    def _day(self, day: Day | None) -> str:
        if day is None:
            return ""
        date = format_date(day.moment, format="long", locale=self._language.locale)
        if day.is_whole:
            return date
        return self._at(date, day.moment)

    def _moment(self, moment: datetime) -> str:
        return self._at(format_date(moment, format="medium", locale=self._language.locale), moment)

    def _at(self, date: str, moment: datetime) -> str:
        time = format_time(moment, format="short", locale=self._language.locale)
        return self._("{date}, {time} UTC").format(date=date, time=time)

    def _re(self, title: str) -> str:
        return self._("Re: {title}").format(title=shortened(title, TITLE_LIMIT))

    def _name(self, name: str) -> str:
        return self._("the influencer") if is_blank(name) else shortened(name, NAME_LIMIT)
