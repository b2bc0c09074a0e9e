package dev.otherix.backup.restore;

import java.util.List;

/**
 * How agents and workers are kept away from a restored otherix-api, and let in again. The page "Restore", a plan and
 * the result of a restore have the same commands: the end finds what the begin wrote by its two comments.
 */
public final class Quarantine {

    private static final String BEGIN = """
            API_ENV=/etc/otherix/api.env
            (
            set -e
            if [ ! -f "$API_ENV" ]; then
              echo "STOP: $API_ENV is missing. Bring it back first, with the jwt_secret in it"
              exit 1
            fi
            sed -i --follow-symlinks '$a\\' "$API_ENV"
            printf '%s\\n' '# quarantine after a restore' OTHERIX_AGENT_SERVER__ENABLED=false \\
              OTHERIX_WORKERS__ENABLED=false '# end of the quarantine' >> "$API_ENV"
            grep __ENABLED= "$API_ENV"
            )
            """;

    private static final String END = """
            API_ENV=/etc/otherix/api.env
            (
            set -e
            sed -i --follow-symlinks '/^# quarantine after a restore$/,/^# end of the quarantine$/d' "$API_ENV"
            if grep -n '^OTHERIX_\\(AGENT_SERVER\\|WORKERS\\)__ENABLED=false' "$API_ENV"; then
              echo "STOP: what is printed is left in $API_ENV. Was it there before the restore? Then leave it."
              echo "If not, remove it in one edit. Restart only after that"
              exit 1
            fi
            )
            """;

    private Quarantine() {}

    /** The lines of a block that begins it, before the first start. */
    public static List<String> begin() {
        return BEGIN.lines().toList();
    }

    /** The lines of a block that ends it; it fails if something still keeps agents or workers away. */
    public static List<String> end() {
        return END.lines().toList();
    }

    /** The same with the restart, which only a block without an error reaches. */
    public static List<String> endAndRestart() {
        return (END.strip() + " && systemctl restart otherix-api").lines().toList();
    }
}
