# Every target is a line or two that a person could type; what takes more lives in scripts/.
.DEFAULT_GOAL := build

BINARY  := bin/ftpisoctl
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X github.com/ftpisoctl/ftpisoctl/internal/cli.buildVersion=$(VERSION)
BUILD   := CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)'

.PHONY: help build demo docs test test-long test-deps test-unit test-load test-embedded test-windows test-lab race vet lint fuzz bench golden cross check clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "  %-14s %s\n", $$1, $$2 }'

build: ## build bin/ftpisoctl
	$(BUILD) -o $(BINARY) ./cmd/ftpisoctl

demo: build ## start an embedded directory and an FTP server, and print what to try
	@$(BINARY) demo

docs: ## write docs/commands, docs/audit-rules.md and docs/example-report.* from the program
	rm -f docs/commands/*.md
	CGO_ENABLED=0 go run ./cmd/ftpisoctl man --markdown docs/commands
	CGO_ENABLED=0 go run ./cmd/ftpisoctl audit rules --markdown > docs/audit-rules.md
	CGO_ENABLED=0 go test -count=1 -run '^TestExampleReport$$' ./internal/cli -update

test: ## run every ring that this machine can run, and say which ran
	@scripts/test.sh

test-long: ## run every ring with the long sizes: a minute per fuzz target, ten of mixed clients
	@FUZZTIME=1m FTPISOCTL_LOAD=10m scripts/test.sh

test-deps: ## install what the rings need (Debian, root)
	@scripts/deps.sh

test-unit: ## run the ring that needs Go alone
	@scripts/test.sh unit

test-load: ## run 200 FTP clients at once for FTPISOCTL_LOAD (1m), with the race detector
	@scripts/test.sh load

test-embedded: ## run the ring with real FTP clients against the embedded directory
	@scripts/test.sh embedded

test-windows: ## run the ring with the Windows program under Wine
	@scripts/test.sh windows

test-lab: ## run the ring with a real domain and file server (root, Samba)
	@scripts/test.sh lab

race: ## run all untagged tests with the race detector
	go test -race ./...

vet: ## vet for Linux and Windows, tagged tests included
	@scripts/vet.sh

lint: ## gofmt, vet and golangci-lint
	@scripts/lint.sh

fuzz: ## run each fuzz target for FUZZTIME (10s)
	@scripts/fuzz.sh

bench: ## run the benchmarks, ten counts each
	go test -run '^$$' -bench . -benchmem -count 10 ./...

golden: ## rewrite the expected outputs under testdata from what the code does now
	go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' internal cmd | xargs -n1 dirname | sort -u | sed 's,^,./,') -update

cross: ## build for Linux and Windows, amd64 and arm64, into dist/
	@for target in linux/amd64 linux/arm64 windows/amd64 windows/arm64; do scripts/cross.sh "$$target" '$(LDFLAGS)' || exit 1; done

check: ## what CI runs, in CI's order
	@.ci/run

clean: ## remove what the other targets built
	rm -rf bin dist
