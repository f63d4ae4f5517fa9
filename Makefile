# The two commands of the README, and what they are made of.
# On Debian as root, missing tools are installed; elsewhere the exact list is printed.

SHELL := /bin/bash
.DEFAULT_GOAL := demo
.PHONY: demo test lint screenshots bench bench-recognise fuzz crash pins openapi extension checker

demo:
	@scripts/need.sh build demo
	@scripts/need.sh browser || true
	@cargo build --package sigu-cli --package sigu-practice-shop --package sigu-capture --features sigu-capture/hands --bins --examples
	@demo/run.sh

test: extension checker
	@scripts/need.sh build demo test
	@cd checker && npm run --silent browser
	cargo test --workspace

lint:
	@scripts/need.sh build
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

# Pictures of every page of the desk, in both languages, light and dark, at two widths, in target/screenshots.
screenshots:
	@scripts/need.sh build test
	@cargo run --quiet --package sigu-server --example screenshots

bench:
	@scripts/need.sh build demo bench
	@cargo build --quiet --release --bin sigu
	@bench/run.sh
	@bench/cases.sh
	@bench/capture.sh
	@bench/papers.sh
	@bench/desk.sh
	@bench/stamps.sh
	@bench/watch.sh

# Precision and recall of the recogniser on the pages of fixtures/.
bench-recognise:
	@scripts/need.sh build
	@cargo run --quiet --package sigu-case --example bench_recognise > bench/RECOGNISE.md
	@cargo run --quiet --release --package sigu-case --example bench_recognise speed >> bench/RECOGNISE.md
	@cat bench/RECOGNISE.md

fuzz:
	@scripts/need.sh build
	@fuzz/run.sh

# Kills sigu at random moments N times (200 in `make test`).
crash:
	@SIGU_CRASH_RUNS=$(or $(N),200) cargo test --quiet --package sigu-cli --test main crash:: -- --nocapture

# Rewrites docs/api/openapi.json, the description of the API, as the code says it.
openapi:
	@mkdir -p docs/api
	@cargo run --quiet --package sigu-cli --bin sigu -- openapi > docs/api/openapi.json

# Rewrites the digests by which docs/formats pins its codecs.
pins:
	@docs/formats/pin.sh

# Builds the browser extension into extension/dist, with a zip for each browser, and runs its tests.
extension:
	@scripts/need.sh extension
	@cd extension && npm ci --ignore-scripts --no-audit --no-fund --silent
	@cd extension && npm run --silent build && npm test --silent

# Builds the page for strangers, checker/dist/sigu-checker.html, and runs those of its tests that need no browser.
checker:
	@scripts/need.sh checker
	@cd checker && npm ci --ignore-scripts --no-audit --no-fund --silent
	@cd checker && npm run --silent build && npm test --silent
