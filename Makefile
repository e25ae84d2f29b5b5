# Two commands: `make promote-staging component=carbon` and `make test`.
#
# What the operator gives (component=…, target=…, reason=…) reaches recipes through the environment only: `$(value …)`
# keeps make from expanding it, the exported variable keeps the shell from reading it.
SHELL := /bin/sh
.DEFAULT_GOAL := help

GIVEN := component target version release mode monorepo reason stage allow_dirty fresh gates policy run do from until approve issue fix commit_pages severity type description criteria point accept_loss verify users rate seconds
$(foreach name,$(GIVEN),$(if $(filter-out undefined,$(origin $(name))),$(eval override $(name) := $$(value $(name)))$(eval export $(name))))
export yes

VERBS := promote-staging deploy rollback rollback-rehearsal backup restore gates verify-evidence status prepare-host genesis observe approve promote-production demote blocker incident retrospective audit load-test announce

.PHONY: help $(VERBS) test test-all lint unit browser molecule engine e2e faults requirements clean
help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 28

promote-staging: ## component=carbon: judge it, deploy it to staging, verify it
	@scripts/prepare main docker $(if $(monorepo),,example)
	@scripts/play promote-staging

approve: ## component=… reason=…: approve for production exactly what staging has
	@scripts/prepare main $(if $(monorepo),,example)
	@scripts/play approve

promote-production: ## component=…: judge it again, and put exactly what staging has into production (approve=yes: with your word)
	@scripts/prepare main docker $(if $(monorepo),,example)
	@scripts/play promote-production

demote: ## component=… reason=… (stage=… issue=…): take it down a stage; from staging it is stopped and removed
	@scripts/prepare main $(if $(monorepo),,example)
	@scripts/play demote

deploy: ## component=… target=…: put there again what has earned it (version=… another commit)
	@scripts/prepare main docker $(if $(monorepo),,example)
	@scripts/play deploy

rollback: ## component=… target=…: let the release before serve again (release=… another kept one; mode=full the data too)
	@scripts/prepare main
	@scripts/play rollback

rollback-rehearsal: ## component=…: go there and back in staging, timed and under requests
	@scripts/prepare main
	@scripts/play rollback-rehearsal

backup: ## component=… (without it: all) target=…: take restore points, restored once each
	@scripts/prepare main
	@scripts/play backup

restore: ## component=… target=… accept_loss=…: put a restore point's data back (point=… another than the newest)
	@scripts/prepare main
	@scripts/play restore

gates: ## judge component=… (without it: all) for its next stage, promoting nothing
	@scripts/prepare main docker $(if $(monorepo),,example)
	@scripts/play gates

verify-evidence: ## run=… (without it: all): decide every verdict again from its evidence, find what does not fit
	@scripts/prepare main
	@scripts/play verify-evidence

observe: ## what was seen of component=… (without it: all); do=start, stop, maintenance (from=… until=…), tests
	@scripts/prepare main
	@scripts/play observe

load-test: ## component=…: put the load of production on it in staging (users=100 rate=10 seconds=300)
	@scripts/prepare main
	@scripts/play load-test

status: ## what runs where, at which stage, and what is missing for the next
	@scripts/prepare main
	@scripts/play status

prepare-host: ## bring Docker Engine, Compose v2 and the host program onto the hosts
	@scripts/prepare main
	@scripts/play prepare-host

genesis: ## component=… target=… reason=…: enter a component that ran before the toolkit
	@scripts/prepare main
	@scripts/play genesis

blocker: ## component=… target=… type=… severity=… description=…: open a blocker by hand; issue=… reason=…: close it
	@scripts/prepare main
	@scripts/play blocker

incident: ## component=… target=…: write the reports that are due; issue=… with fix=…, severity=… or reason=…: change one
	@scripts/prepare main
	@scripts/play incident

retrospective: ## component=… target=…: what a promotion has taught
	@scripts/prepare main
	@scripts/play retrospective

announce: ## component=… target=… from=…: tell those who want to know when a promotion is planned
	@scripts/prepare main
	@scripts/play announce

audit: ## follow every ledger's chain, and export the entries as JSON
	@scripts/prepare main
	@scripts/play audit

test: ## lint, types, unit, Molecule, end to end
	@yes=1 scripts/prepare main test docker
	@scripts/test lint+browser unit molecule+e2e

test-all: ## the same with the slow ones: every gate and deploy on a real engine, faults, benchmarks
	@yes=1 scripts/prepare main test docker
	@scripts/test lint+browser unit molecule+e2e engine faults benchmarks

lint unit browser molecule engine e2e faults: # one part of `make test`
	@yes=1 scripts/prepare main test docker
	@scripts/test $@

requirements: # pin anew what requirements/*.in ask for
	@scripts/pin

clean: ## remove .venv and the example's workspace (containers and the ledger stay)
	@rm -rf .venv workspace dist
