# Aliases of dev.py: make run ARGS="--demo", make test ARGS="-k board".
.PHONY: run test
run test:
	python3 dev.py $@ $(ARGS)
