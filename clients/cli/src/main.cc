#include "clients/cli/src/app.h"

int main(int argc, char** argv) { return salesctl::RunApp(argc, argv); }
