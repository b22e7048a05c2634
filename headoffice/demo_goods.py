"""The goods of the demo shop: kinds of goods, each in a few sizes or sorts.

A row is (Persian name, English name, price of the smallest in rial, tax percent, category, tags,
sorts); a sort is (Persian, English, price in percent of the smallest). Prices are plausible, not
anyone's. The category is the department of the shop, a tag what a good is.
"""

Sort = tuple[str, str, int]
Kind = tuple[str, str, int, str, str, tuple[str, ...], tuple[Sort, ...]]

MILKS: tuple[Sort, ...] = (
    ("کم‌چرب نیم لیتری", "low fat 0.5 l", 100), ("کم‌چرب ۱ لیتری", "low fat 1 l", 185),
    ("پرچرب ۱ لیتری", "whole 1 l", 205), ("بدون لاکتوز ۱ لیتری", "lactose free 1 l", 260))
GRAMS: tuple[Sort, ...] = (
    ("۱۰۰ گرمی", "100 g", 100), ("۲۵۰ گرمی", "250 g", 230),
    ("۵۰۰ گرمی", "500 g", 430), ("۹۰۰ گرمی", "900 g", 740))
KILOS: tuple[Sort, ...] = (
    ("۱ کیلویی", "1 kg", 100), ("۲/۵ کیلویی", "2.5 kg", 240),
    ("۵ کیلویی", "5 kg", 470), ("۱۰ کیلویی", "10 kg", 910))
LITRES: tuple[Sort, ...] = (
    ("۲۵۰ میلی‌لیتری", "250 ml", 100), ("نیم لیتری", "0.5 l", 170),
    ("۱ لیتری", "1 l", 290), ("۱/۵ لیتری", "1.5 l", 390))
GRADES: tuple[Sort, ...] = (
    ("درجه دو", "grade two", 100), ("درجه یک", "grade one", 130),
    ("ممتاز", "premium", 170), ("ارگانیک", "organic", 230))
PACKS: tuple[Sort, ...] = (
    ("تکی", "single", 100), ("بسته ۲ عددی", "pack of 2", 190),
    ("بسته ۴ عددی", "pack of 4", 360), ("بسته ۶ عددی", "pack of 6", 520))

KINDS: tuple[Kind, ...] = (
    ("شیر", "Milk", 208_000, "0", "dairy", ("dairy",), MILKS),
    ("ماست", "Yoghurt", 240_000, "0", "dairy", ("dairy",), MILKS),
    ("دوغ", "Doogh", 150_000, "10", "drinks", ("dairy", "drink"), LITRES),
    ("پنیر لیقوان", "Lighvan cheese", 490_000, "0", "dairy", ("dairy",), GRAMS),
    ("پنیر سفید", "White cheese", 380_000, "0", "dairy", ("dairy",), GRAMS),
    ("کره", "Butter", 520_000, "0", "dairy", ("dairy",), GRAMS),
    ("خامه", "Cream", 310_000, "0", "dairy", ("dairy",), GRAMS),
    ("کشک", "Kashk", 290_000, "0", "dairy", ("dairy",), GRAMS),
    ("نان سنگک", "Sangak bread", 150_000, "0", "bakery", ("bakery",), PACKS),
    ("نان بربری", "Barbari bread", 120_000, "0", "bakery", ("bakery",), PACKS),
    ("نان تست", "Toast bread", 320_000, "0", "bakery", ("bakery",), PACKS),
    ("کیک یزدی", "Yazdi cake", 180_000, "10", "sweets", ("bakery", "sweet"), PACKS),
    ("برنج هاشمی", "Hashemi rice", 1_590_000, "0", "dry-goods", ("grain",), KILOS),
    ("برنج طارم", "Tarom rice", 1_720_000, "0", "dry-goods", ("grain",), KILOS),
    ("عدس", "Lentils", 780_000, "0", "dry-goods", ("grain",), KILOS),
    ("لپه", "Split peas", 860_000, "0", "dry-goods", ("grain",), KILOS),
    ("نخود", "Chickpeas", 830_000, "0", "dry-goods", ("grain",), KILOS),
    ("لوبیا چیتی", "Pinto beans", 940_000, "0", "dry-goods", ("grain",), KILOS),
    ("آرد گندم", "Wheat flour", 310_000, "0", "dry-goods", ("grain",), KILOS),
    ("شکر", "Sugar", 420_000, "0", "dry-goods", ("grocery",), KILOS),
    ("ماکارونی", "Pasta", 160_000, "10", "dry-goods", ("grocery",), GRAMS),
    ("رشتهٔ آش", "Ash noodles", 150_000, "10", "dry-goods", ("grocery",), GRAMS),
    ("چای ایرانی", "Iranian tea", 620_000, "10", "drinks", ("drink",), GRAMS),
    ("چای ارل گری", "Earl Grey tea", 740_000, "10", "drinks", ("drink",), GRAMS),
    ("قهوهٔ آسیاب", "Ground coffee", 980_000, "10", "drinks", ("drink",), GRAMS),
    ("روغن آفتابگردان", "Sunflower oil", 390_000, "10", "dry-goods", ("grocery",), LITRES),
    ("روغن زیتون", "Olive oil", 1_480_000, "10", "dry-goods", ("grocery",), LITRES),
    ("آب معدنی", "Mineral water", 60_000, "10", "drinks", ("drink",), LITRES),
    ("آب پرتقال", "Orange juice", 190_000, "10", "drinks", ("drink",), LITRES),
    ("شربت آلبالو", "Sour cherry syrup", 330_000, "10", "drinks", ("drink",), LITRES),
    ("سرکهٔ سیب", "Apple vinegar", 210_000, "10", "dry-goods", ("grocery",), LITRES),
    ("رب گوجه", "Tomato paste", 170_000, "10", "dry-goods", ("grocery",), GRAMS),
    ("عسل", "Honey", 890_000, "0", "dry-goods", ("grocery", "sweet"), GRAMS),
    ("مربای به", "Quince jam", 260_000, "10", "dry-goods", ("grocery", "sweet"), GRAMS),
    ("شکلات تلخ", "Dark chocolate", 450_000, "10", "sweets", ("sweet",), GRAMS),
    ("گز", "Gaz nougat", 680_000, "10", "sweets", ("sweet",), GRAMS),
    ("پسته", "Pistachios", 1_350_000, "0", "sweets", ("nuts",), GRAMS),
    ("بادام", "Almonds", 1_120_000, "0", "sweets", ("nuts",), GRAMS),
    ("خرمای مضافتی", "Mazafati dates", 340_000, "0", "sweets", ("fruit",), GRAMS),
    ("زعفران", "Saffron", 4_200_000, "0", "dry-goods", ("spice",), PACKS),
    ("سیب", "Apples", 480_000, "0", "produce", ("fruit", "weighed"), GRADES),
    ("پرتقال", "Oranges", 520_000, "0", "produce", ("fruit", "weighed"), GRADES),
    ("انار", "Pomegranates", 690_000, "0", "produce", ("fruit", "weighed"), GRADES),
    ("گوجه‌فرنگی", "Tomatoes", 310_000, "0", "produce", ("vegetable", "weighed"), GRADES),
    ("خیار", "Cucumbers", 360_000, "0", "produce", ("vegetable", "weighed"), GRADES),
    ("پیاز", "Onions", 240_000, "0", "produce", ("vegetable", "weighed"), GRADES),
    ("شامپو", "Shampoo", 780_000, "10", "household", ("household",), LITRES),
    ("مایع ظرفشویی", "Dish soap", 350_000, "10", "household", ("household",), LITRES),
    ("دستمال کاغذی", "Paper tissues", 280_000, "10", "household", ("household",), PACKS),
    ("صابون", "Soap", 190_000, "10", "household", ("household",), PACKS),
)
