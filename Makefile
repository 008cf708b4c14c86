# What a user needs: make demo, make test. What a developer needs besides: make lint, make bench, make coverage.
SWIFT ?= swift
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PEOPLE ?= 2000
DEMO := demo

.PHONY: demo test soak planted kills lint format build release bench bench-http bench-json bench-lost bench-governor bench-cost sanitize verify-simulators fuzz coverage packages clean

KILLS ?= 200


# Installs from Debian what is missing, and nothing else.
packages:
	@missing=""; for package in libsqlite3-dev libcurl4-openssl-dev pkg-config openssl python3; do \
	  dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	[ -z "$$missing" ] || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq $$missing; }

build: packages
	$(SWIFT) build --product leadgauge

release: packages
	$(SWIFT) build -c release --product leadgauge

# Generates people in stand-ins of four platforms, and does with them what a marketing team does.
demo: build
	@SWIFT="$(SWIFT)" PEOPLE=$(PEOPLE) Scripts/demo.sh $(DEMO)

# HTTP goes first and by itself: its tests watch for stalls, and would see those of thousands of others that wait
# for a core. Then all the others, which end with the closing line. All at once they would starve the stand-ins that
# run beside them, so that programs give up waiting for an answer; so only a few to a core.
test coverage: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH = $(shell echo $$((4 * $$(nproc))))
test: packages
	$(SWIFT) test --parallel --filter CurlTests
	$(SWIFT) test --parallel --skip CurlTests

# So many worlds full of faults, from a seed on; one that fails says how to see it again.
SEEDS ?= 200
FROM ?= 1
soak: packages
	$(SWIFT) build --product soak
	.build/debug/soak --from $(FROM) --seeds $(SEEDS)

# Shows that the worlds find five known bugs, planted one after another in a copy of the sources.
planted: packages
	Scripts/planted.sh $(SEEDS)

# The program under SIGKILL, over sockets: at every step, and at so many random moments, for each connector. An hour.
kills: release
	KILLS=$(KILLS) Scripts/kill.sh

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources connectors Tests Benchmarks Fuzz config

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources connectors Tests Benchmarks Fuzz config

bench: release
	@dpkg -s curl time >/dev/null 2>&1 || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq curl time; }
	Benchmarks/run.sh
	Benchmarks/platform.sh mautic

# HTTP against other clients, JSON against other readers, limits against models of the platforms: half an hour.
bench-http: packages
	$(SWIFT) build -c release --product bench-http
	Benchmarks/http.sh

bench-json: packages
	$(SWIFT) build -c release --product bench-json
	Benchmarks/json.sh

bench-lost: packages
	$(SWIFT) build -c release --product bench-lost
	.build/release/bench-lost

bench-governor: packages
	$(SWIFT) build -c release --product bench-governor
	.build/release/bench-governor

# What runs of each platform cost in requests and time by its limits: 100,000 contacts in stand-ins.
bench-cost: packages
	$(SWIFT) build -c release --product bench-cost
	for platform in hubspot hubspot-counters getresponse bitrix24 bitrix24-batch; do .build/release/bench-cost $$platform || exit 1; done

# Address and thread sanitizers over what touches C and threads.
sanitize: packages
	for tests in CurlTests WebAPITests; do \
	  LSAN_OPTIONS=suppressions=$(CURDIR)/Scripts/leaks-of-others.txt $(SWIFT) test --disable-xctest --sanitize=address --scratch-path .build/address --filter $$tests && \
	  $(SWIFT) test --disable-xctest --sanitize=thread --scratch-path .build/thread --filter $$tests || exit 1; \
	done

# The stand-ins under clients that others have written, from PyPI.
verify-simulators: build
	@dpkg -s python3-venv >/dev/null 2>&1 || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq python3-venv; }
	Scripts/verify-simulators.sh $(VERIFY)

# What reads data from outside under inputs of libFuzzer, FUZZ_SECONDS for each of the targets (ten minutes).
fuzz: packages
	Scripts/fuzz.sh all

coverage: packages
	$(SWIFT) test --enable-code-coverage --parallel
	Scripts/coverage.sh

clean:
	rm -rf .build $(DEMO)
