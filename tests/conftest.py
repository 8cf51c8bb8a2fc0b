pytest_plugins = ["tests.fixtures_database", "tests.fixtures_house"]
