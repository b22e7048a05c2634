"""What a person at a card writer is told. No Qt."""

from drivers.writer_port import CardForm, WriteStep
from ui.text import mark

STEPS: dict[WriteStep, str] = {
    WriteStep.PLACE_CARD: mark("Lay a blank card on the reader and leave it there."),
    WriteStep.SWIPE_TO_LOOK: mark("Swipe the blank card: first it is seen that nothing is on it."),
    WriteStep.SWIPE_TO_ERASE: mark("Swipe the same card again: what is on it is erased."),
    WriteStep.SWIPE_TO_WRITE: mark("Swipe the same card again: now it is written."),
    WriteStep.SWIPE_TO_CHECK: mark("Swipe the same card once more: it is read back."),
    WriteStep.SWIPE_AGAIN: mark("That swipe was not good. Swipe the same card again."),
    WriteStep.ASKING: mark("Head office signs the card. Leave it there."),
    WriteStep.WRITING: mark("The card is being written. Leave it there."),
    WriteStep.CHECKING: mark("The card is being read back. Leave it there."),
}

FORMS: dict[CardForm, str] = {
    CardForm.STRIPE: mark("Magnetic stripe"),
    CardForm.TAG: mark("Tag with a signed record"),
    CardForm.CHIP: mark("Chip with a secret"),
}
