# Each target is a command or two that can as well be typed by hand; what takes more is in Scripts/.
# Tests use the command's own build (no testable imports), so one build serves all targets and what is tested is what is
# installed; what a test needs and users do not is `package`.
# Tests that drive a browser come last and one by one: beside all others they would wait for minutes between two clicks.
SHELL := /bin/bash
SWIFT_TEST := swift test -c release --disable-testable-imports --disable-xctest
PREFIX ?= /usr/local

# Package.swift reads LIBTORCH; set but empty means not set.
ifeq ($(strip $(LIBTORCH)),)
unexport LIBTORCH
endif

.PHONY: help setup demo build test lint format docs bench reproduce install uninstall clean

help:  ## Print this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## Fetch what a build needs: system libraries, libtorch, Plotly.js.
	@Scripts/setup

demo: build  ## Train on the embedded digits, into runs/.
	.build/release/latent train --out runs/demo-$$(date +%Y%m%d-%H%M%S)

build: setup  ## Build the command, .build/release/latent, and the libraries.
	swift build -c release

test: build  ## Run all tests.
	@Scripts/setup --tests
	$(SWIFT_TEST) --skip BrowserTests
	$(SWIFT_TEST) --skip-build --no-parallel --filter BrowserTests

lint: build  ## Check the formatting, the documentation and the scripts.
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	@for script in .ci/run Benchmarks/run $$(grep -l '^#!.*bash' Scripts/*); do bash -n "$$script" || exit 1; done
	@python3 -c 'import ast, sys; [ast.parse(open(path).read(), path) for path in sys.argv[1:]]' Benchmarks/*.py Benchmarks/*/*.py
	@Scripts/docs --check

format:  ## Rewrite the sources in the project's format.
	swift format --in-place --recursive --parallel Sources Tests Package.swift

docs: build  ## Write the documentation's site to .build/docs.
	@Scripts/docs .build/docs

bench: build  ## Time Latent beside PyTorch, JAX and pythae (MNIST=, ROUNDS=, CASES=, CONTENDERS=, THREADS=, RESULTS=).
	@MNIST="$(MNIST)" Benchmarks/run $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(CASES),--cases $(CASES)) \
	  $(if $(CONTENDERS),--contenders $(CONTENDERS)) $(if $(THREADS),--threads $(THREADS)) $(if $(RESULTS),--out "$(RESULTS)")

reproduce: build  ## Obtain published results again (DATA=, ROWS=, FULL=1, FORCE=1, THREADS=), into Reproduction.md.
	@DATA="$(DATA)" python3 Benchmarks/reproduce.py $(if $(ROWS),--rows $(ROWS)) $(if $(FULL),--full) \
	  $(if $(FORCE),--force) $(if $(THREADS),--threads $(THREADS))

install: build  ## Install the command under PREFIX (/usr/local), honouring DESTDIR.
	@Scripts/install "$(DESTDIR)$(PREFIX)"

uninstall:  ## Remove what install wrote.
	rm -rf "$(DESTDIR)$(PREFIX)/lib/latent" "$(DESTDIR)$(PREFIX)/bin/latent"

clean:  ## Remove everything built; libtorch and the runs stay.
	rm -rf .build .wheels
