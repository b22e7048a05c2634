"""What a matter that a member raises is called. No Qt."""

from station.matter import AnswerBy, AskKind, Subject
from ui.text import mark

KINDS: dict[AskKind, str] = {
    AskKind.QUESTION: mark("Question"), AskKind.COMPLAINT: mark("Complaint"), AskKind.IDEA: mark("Idea"),
    AskKind.OUT_OF_DATE: mark("Out of date")}
SUBJECTS: dict[Subject, str] = {
    Subject.GOODS: mark("Goods"), Subject.PRICES: mark("Prices and offers"), Subject.POINTS: mark("Points"),
    Subject.CARD: mark("Card"), Subject.MY_DATA: mark("Own data"), Subject.SHOP: mark("Shop and staff"),
    Subject.OTHER: mark("Something else")}
ANSWERS: dict[AnswerBy, str] = {
    AnswerBy.NONE: mark("No answer wished for"), AnswerBy.COUNTER: mark("At the counter"), AnswerBy.SMS: mark("By SMS"),
    AnswerBy.EMAIL: mark("By e-mail"), AnswerBy.APP: mark("In the app")}
