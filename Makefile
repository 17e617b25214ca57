# The two commands to begin with are `make demo` and `make test`; both install the Debian
# packages they miss. `make install PREFIX=~/.local` puts the command line in place.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
TENANTS ?= 1000

# A folder of its own: the flags below would otherwise rebuild everything at each change of goal.
RELEASE := .build-release
CINCH := $(RELEASE)/release/cinch
MAN := $(RELEASE)/man
SHARE := $(DESTDIR)$(PREFIX)/share

# Everything in one stripped file: half the start-up time of the dynamic one, and it runs where no
# Swift is installed. lld, because gold warns about each libc function that may load glibc's shared
# libraries (dlopen, getaddrinfo, getpwnam). cinch calls one of these, getpwuid_r, and only for the
# name of somebody who has set none; who is in /etc/passwd is found without them.
ifeq ($(shell uname -s),Linux)
RELEASE_FLAGS := -Xswiftc -static-executable -Xswiftc -use-ld=lld -Xlinker -s
endif

# SwiftPM builds dependencies without warnings; these two reach our own targets only.
STRICT := -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error

KILLS ?= 50

.PHONY: help demo test faults bench build man server library install uninstall checks format packages clean

help:
	@echo "make demo      build, then make, change, merge and verify $(TENANTS) tenants in a temporary folder"
	@echo "make test      checks, then a build without warnings, then every test"
	@echo "make faults    kill a rollout over 1,000 tenants 50 times and see that nothing is lost"
	@echo "make bench     merges beside git's, rollouts and new tenants beside C programs"
	@echo "make build     $(CINCH), one static file"
	@echo "make server    $(RELEASE)/release/cinch-serve, which 'cinch serve' runs"
	@echo "make library   .build-library/release/libCinchC.so, for Python and other languages"
	@echo "make man       a manual page for each command, from what it says of itself"
	@echo "make install   the command line and its completions into PREFIX ($(PREFIX)), and what"
	@echo "               of server and manual pages has been made"
	@echo "make format    lay out Sources and Tests as the checks want them"
	@echo "make clean     remove what was built"

packages:
	@.ci/packages

checks: packages
	@.ci/checks

test: checks
	swift build --build-tests $(STRICT)
	swift test --skip-build --disable-xctest --parallel
	.ci/python

build: packages
	swift build -c release --product cinch --scratch-path $(RELEASE) $(RELEASE_FLAGS)

man: build
	swift build -c release --product generate-manual --scratch-path $(RELEASE) $(RELEASE_FLAGS)
	rm -rf $(MAN)
	mkdir -p $(MAN)
	$(RELEASE)/release/generate-manual $(CINCH) --multi-page --output-directory $(MAN) \
		--date $$(git log -1 --format=%cs)
# A line that begins with a quotation mark would be taken for a request, and left out.
	cd $(MAN) && for page in cinch.*.*; do name=$${page%.1}; \
		sed "s/^'/\\\\\&'/" $$page >$${name//./-}.1; rm $$page; done

# A program of its own: only who runs it builds Hummingbird and NIO.
server: build
	swift build -c release --product cinch-serve --scratch-path $(RELEASE) $(RELEASE_FLAGS)

# For other languages: a shared library that needs no Swift where it is loaded.
library: packages
	swift build -c release --product CinchC --scratch-path .build-library -Xswiftc -static-stdlib -Xlinker -s

# Not part of the tests: times are only worth something beside a peer on a quiet machine.
bench: build
	@Tests/Benchmarks/merge $(CINCH)
	@echo
	@Tests/Benchmarks/rollout $(CINCH)
	@echo
	@Tests/Benchmarks/fleet $(CINCH)

faults: build
	@Tests/Faults/kill-rollout random $(CINCH) $(TENANTS) $(KILLS)

demo: build
	@.ci/demo $(CINCH) $(TENANTS)

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/zsh/site-functions \
		$(SHARE)/bash-completion/completions $(SHARE)/fish/vendor_completions.d
	install -m 755 $(CINCH) $(DESTDIR)$(PREFIX)/bin/cinch
	[ ! -x $(CINCH)-serve ] || install -m 755 $(CINCH)-serve $(DESTDIR)$(PREFIX)/bin/cinch-serve
	[ ! -d $(MAN) ] || install -m 644 $(MAN)/*.1 $(SHARE)/man/man1
	$(CINCH) completions bash > $(SHARE)/bash-completion/completions/cinch
	$(CINCH) completions zsh > $(SHARE)/zsh/site-functions/_cinch
	$(CINCH) completions fish > $(SHARE)/fish/vendor_completions.d/cinch.fish

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/cinch $(DESTDIR)$(PREFIX)/bin/cinch-serve
	rm -f $(SHARE)/man/man1/cinch.1 $(SHARE)/man/man1/cinch-*.1
	rm -f $(SHARE)/bash-completion/completions/cinch $(SHARE)/zsh/site-functions/_cinch \
		$(SHARE)/fish/vendor_completions.d/cinch.fish

format:
	swift format -i -p -r Package.swift Sources Tests

clean:
	rm -rf .build $(RELEASE) .build-library
