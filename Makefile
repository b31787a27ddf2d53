# Every target is one line on tools/run.py, which makes .venv by itself and needs no make.
PYTHON ?= python3
RUN = $(PYTHON) tools/run.py

.PHONY: help demo test check fmt lock migrations messages bench doctor

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

demo:  ## the portal with made-up clinics, servers and all (PORT=8000 RESET=1)
	@$(RUN) demo

test:  ## every test (ARGS="tests/pets -k age")
	@$(RUN) test $(ARGS)

check:  ## linters, types, migrations, deployment checks
	@$(RUN) check

fmt:  ## format the code, fix what can be fixed by itself
	@$(RUN) fmt

lock:  ## write requirements/*.txt anew from *.in (ARGS=--upgrade)
	@$(RUN) lock $(ARGS)

migrations:  ## write migrations (ARGS="pets --name add_chip")
	@$(RUN) manage makemigrations $(ARGS)

messages:  ## collect words to translate, compile translations (ARGS="--locale fr")
	@$(RUN) messages $(ARGS)

bench:  ## what is measured
	@$(RUN) bench $(ARGS)

doctor:  ## what this machine lacks
	@$(RUN) doctor
