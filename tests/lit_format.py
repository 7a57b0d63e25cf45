"""Which files of the tree are tests of the lit suite."""

import lit.formats


class TensorcTest(lit.formats.ShTest):
    """Shell tests; a .cpp file is one only where it says so with a RUN line."""

    CPP_FOLDERS = ("tools", "e2e", "compiler")

    def getTestsInDirectory(self, testSuite, path_in_suite, litConfig, localConfig):
        for test in super().getTestsInDirectory(
            testSuite, path_in_suite, litConfig, localConfig
        ):
            if test.path_in_suite[-1].endswith(".cpp"):
                if test.path_in_suite[0] not in self.CPP_FOLDERS:
                    continue
                with open(test.getSourcePath(), encoding="utf-8") as source:
                    if "RUN:" not in source.read():
                        continue
            yield test
