"""The designed states of the drawer's day: its tasks, counting, comparing, handing over, the close."""
import fake_day
from designed import selling, state

# 23,460 yen by the keys of the count: ten more than the record says.
COUNT = ("1", "Enter", "1", "Enter", "Enter", "8", "Enter", "Enter", "4", "Enter", "1", "Enter", "1")


@state
def day_menu(till, browser):
    selling(till, browser)
    browser.press("Shift+F9")
    browser.wait_for(".day-panels")


@state
def day_menu_busy(till, browser):
    """scrolls"""
    till.events = fake_day.EVENTS
    day_menu(till, browser)
    till.set(day=fake_day.day("open", float_yen=25000, is_over_cash_limit=True,
                              count={"sequence": 812, "purpose": "handover", "at": fake_day.AT, "total_yen": 23460}))
    browser.wait_for_text("引継ぎを続ける")


def task(till, browser, name, selector):
    day_menu(till, browser)
    browser.click(f"[data-task={name}]")
    browser.wait_for(selector)


@state
def day_float(till, browser):
    task(till, browser, "lend", ".count-cell")
    browser.press("Enter", "Enter", "Enter", "Enter", "Enter", "5", "0")


@state
def day_move(till, browser):
    task(till, browser, "out", ".move-sum")
    browser.press("1", "5", "0", "0", "0")


@state
def day_move_reason(till, browser):
    day_move(till, browser)
    browser.press("Enter", "1")
    browser.wait_for(".reasons")


@state
def day_move_approval(till, browser):
    day_move_reason(till, browser)
    browser.press("Enter")
    browser.wait_for(".approval")
    browser.press("2", "2")


@state
def day_drawer(till, browser):
    task(till, browser, "drawer", ".reasons")
    browser.press("1")


@state
def day_inspected(till, browser):
    """scrolls"""
    task(till, browser, "inspection", ".count-cell")
    browser.press(*COUNT)
    browser.click_text("点検する", ".step-main")
    browser.wait_for(".totals")


@state
def day_handover(till, browser):
    """scrolls"""
    task(till, browser, "handover", ".count-cell")
    browser.press(*COUNT)
    browser.click_text("数え終わりました")
    browser.wait_for(".is-told")


@state
def day_handover_taking(till, browser):
    """scrolls"""
    day_handover(till, browser)
    browser.press("Enter", "3", "Enter")
    browser.wait_for(".approval")


@state
def day_count(till, browser):
    day_menu(till, browser)
    browser.press("Enter")
    browser.wait_for(".count-cell")
    browser.press(*COUNT)


@state
def day_compare(till, browser):
    """scrolls"""
    day_count(till, browser)
    browser.click_text("数え終わりました")
    browser.wait_for(".totals")


@state
def day_compare_reason(till, browser):
    """scrolls"""
    day_compare(till, browser)
    browser.press("Enter")
    browser.wait_for(".reasons")
    browser.press("3")


@state
def day_done(till, browser):
    selling(till, browser)
    till.set(day=fake_day.closed())
    browser.press("Shift+F9")
    browser.wait_for(".day-papers")


@state
def day_done_unprinted(till, browser):
    selling(till, browser)
    till.set(day=fake_day.closed(counted_yen=19990, returned_yen=0, print_state="not_printed"))
    browser.press("Shift+F9")
    browser.wait_for(".day-papers")


@state
def day_over(till, browser):
    selling(till, browser)
    till.set(day=fake_day.day("open", is_over=True))
    browser.wait_for_text("精算がまだです")


@state
def day_closed(till, browser):
    selling(till, browser)
    till.set(day=fake_day.closed())
    browser.wait_for_text("精算は済みました")
