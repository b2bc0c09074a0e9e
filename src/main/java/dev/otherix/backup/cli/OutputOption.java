package dev.otherix.backup.cli;

import picocli.CommandLine.Option;

/** The option {@code -o} of the commands that print for people and for programs. */
final class OutputOption {

    @Option(
            names = {"-o", "--output", "-w", "--write-out"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            converter = OutputFormat.Converter.class,
            description = "text or json (default: ${DEFAULT-VALUE})")
    private OutputFormat format = OutputFormat.TEXT;

    boolean isJson() {
        return format == OutputFormat.JSON;
    }
}
