# The front door. Each target does its own set-up; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test pages build fmt bench screens faults

help: ## What can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

demo: ## A living chamber on this machine: one council, simulated delegates, seats free for you
	@scripts/demo

test: ## Everything that is checked: formatting, lints, Rust, pages, browser
	@scripts/test

pages: ## Build the pages into */dist
	@scripts/pages

build: pages ## The release binary, pages inside: target/release/dienhong
	@cargo build --release

fmt: ## Format everything
	@cargo fmt

screens: pages ## Pictures of every page and state in both languages, into docs/screens
	@scripts/screens

bench: ## The benchmarks of benches/
	@ulimit -n $$(ulimit -Hn); cargo bench --bench '*'

faults: ## Real faults in full, for hours (docs/faults.md); ARGS="--times 20 kill power" for some of them
	@cargo test --release --test faults -- $(or $(ARGS),--full)
