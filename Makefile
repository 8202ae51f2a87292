# flow: small filters that turn raw options trades into decisions.
# make, make check, make install; "make help" lists the rest.

VERSION = 0.1.0
PREFIX ?= /usr/local
MANDIR ?= $(PREFIX)/share/man
CC ?= cc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
SECS ?= 60

OUT = build
BUILD = $(OUT)/release
BIN = $(BUILD)/bin
export FLOW_BUILD = $(abspath $(BUILD))

WARN = -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wformat=2 \
	-Wstrict-prototypes -Wmissing-prototypes -Wvla -Wnull-dereference \
	-Wimplicit-fallthrough -Wwrite-strings
ifdef DEV
WARN += -Werror
endif

# Each hardening flag only where the compiler takes it; a sanitizer build
# leaves them out, because the sets clash, and fortify needs an optimizer.
takes = $(shell $(CC) -Werror $(1) -x c -S -o /dev/null /dev/null \
	2>/dev/null && echo $(1))
ifdef SAN
HARDEN = -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN_LD = -fsanitize=$(SAN)
else
HARDEN := $(foreach f,-fstack-protector-strong -fstack-clash-protection \
	-fcf-protection -ftrivial-auto-var-init=zero,$(call takes,$(f)))
ifeq ($(findstring -O0,$(CFLAGS)),)
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(if $(call \
	takes,-O2 -D_FORTIFY_SOURCE=3 -include features.h),3,2)
endif
HARDEN_LD = -pie -Wl,-z,relro,-z,now,-z,noexecstack
endif

DIALECT = -std=c11 -D_GNU_SOURCE -iquote lib
FLAGS = $(DIALECT) -DFLOW_VERSION='"$(VERSION)"' -fPIE -ffp-contract=off \
	-fno-strict-overflow -fno-delete-null-pointer-checks \
	$(WARN) $(HARDEN) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) $(FLAGS) $(LDFLAGS) $(HARDEN_LD) -Wl,--as-needed

# A command links only what it uses of them (--as-needed).  wslay has no .pc
# file; libcurl is loaded when a feed needs it (lib/net/multi.h).
PKGS = yaml-0.1 zlib jansson sqlite3 libmd libevent_core
LIBS = $(shell $(PKG_CONFIG) --libs $(PKGS)) -lwslay -lm

LIBSRC := $(wildcard lib/*/*.c)
CMDSRC := $(wildcard cmd/*.c)
TESTSRC := $(wildcard tests/unit/*.c tests/fuzz/*.c tests/bench/*.c) \
	tests/fault/powercut.c
LIBOBJ := $(LIBSRC:%.c=$(BUILD)/%.o)
CMDS := $(CMDSRC:cmd/%.c=$(BIN)/%)
made = $(patsubst tests/%.c,$(BUILD)/%,$(filter $(addsuffix /%,$(1:%=tests/%)),$(TESTSRC)))
units := $(call made,unit fault)
fuzzers := $(call made,fuzz)
benches := $(call made,bench)

all: $(CMDS) ## build the commands in build/release/bin

# Objects are stale when the flags changed, not only when a source did.
$(BUILD)/flags: .force
	@mkdir -p $(@D)
	@echo '$(CC) $(subst ','\'',$(FLAGS))' | cmp -s - $@ || \
		echo '$(CC) $(subst ','\'',$(FLAGS))' >$@

$(BUILD)/%.o: %.c $(BUILD)/flags Makefile
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libflow.a: $(LIBOBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BIN)/%: $(BUILD)/cmd/%.o $(BUILD)/libflow.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/fuzz/%: override LDFLAGS += -fsanitize=fuzzer
$(units) $(fuzzers) $(benches): $(BUILD)/%: $(BUILD)/tests/%.o \
		$(BUILD)/libflow.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBS)

units: $(units)
fuzzers: $(fuzzers)

check: all units ## run all tests
	@FLAGS='$(HARDEN) $(CFLAGS)' tests/run
asan: ## all tests under the address and undefined-behaviour sanitizers
	@$(MAKE) BUILD=$(OUT)/asan SAN=address,undefined CFLAGS='-O1 -g' check

valgrind: ## all tests with every program under valgrind
	@$(MAKE) WRAP='valgrind -q --error-exitcode=99 --leak-check=full \
		--errors-for-leak-kinds=definite,indirect --track-fds=yes' check
fuzz: ## fuzz each parser for SECS seconds (make fuzz SECS=10)
	@$(MAKE) BUILD=$(OUT)/fuzz CC=clang SAN=fuzzer-no-link,address,undefined \
		fuzzers
	@tests/fuzz/run $(OUT)/fuzz $(SECS)

bench: all $(benches) ## measure speed beside the peers
	@for b in run store history feeds; do tests/bench/$$b || exit; done
eval: all ## how often sides, sweeps, signals are right, on demo sessions
	@EVAL=$(OUT)/eval tests/eval/run $(PREDICTIONS)
	@EVAL=$(OUT)/eval tests/eval/signals

t-%: all units ## one line of the test matrix (make t-C7); see tests/target
	@tests/target $*

cov: ## lines and branches the tests reach, per file
	@rm -rf $(OUT)/cov
	@$(MAKE) BUILD=$(OUT)/cov CFLAGS='-O0 -g --coverage' check
	@scripts/coverage $(OUT)/cov
lint: all $(LIBOBJ) ## layers, symbols, banned calls, man pages, analyzers
	@CC='$(CC)' FLAGS='$(DIALECT) $(WARN)' scripts/lint

golden: all ## rewrite tests/golden from what the commands print now
	@FLOW_GOLDEN_UPDATE=1 bats tests/golden.bats

install: all ## copy commands and man pages under PREFIX (and DESTDIR)
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(CMDS) $(DESTDIR)$(PREFIX)/bin
	cd man && for f in *; do install -D -m 644 "$$f" \
		"$(DESTDIR)$(MANDIR)/man$${f##*.}/$$f" || exit; done

uninstall: ## remove what install copied
	rm -f $(CMDS:$(BIN)/%=$(DESTDIR)$(PREFIX)/bin/%)
	cd man && for f in *; do rm -f "$(DESTDIR)$(MANDIR)/man$${f##*.}/$$f"; done

dist: ## a reproducible source archive of the last commit
	@mkdir -p $(OUT)
	git archive --prefix=flow-$(VERSION)/ HEAD | gzip -9n \
		>$(OUT)/flow-$(VERSION).tar.gz

clean: ## remove everything that was built
	rm -rf $(OUT)
help: ## this list
	@awk -F ':.*## ' '/^[a-z%-]+: .*## / { printf "%-10s %s\n", $$1, $$2 }' \
		Makefile

-include $(LIBOBJ:.o=.d) $(CMDSRC:%.c=$(BUILD)/%.d) \
	$(TESTSRC:%.c=$(BUILD)/%.d)

.PHONY: all units fuzzers check asan valgrind fuzz bench eval cov lint golden \
	install uninstall dist clean help .force
.SECONDARY:
