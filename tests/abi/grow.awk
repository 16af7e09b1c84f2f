# Adds a member to the end of every struct that may grow: heed.h as a later version could have it.
/^typedef struct heed_[a-z0-9_]* {$/ { in_struct = 1 }
/^typedef enum / { in_struct = 0 }
/^} heed_[a-z0-9_]*;$/ {
    name = $2
    sub(/;/, "", name)
    fixed = name ~ /^heed_(bytes|error|interval|spread|listener|corpus_files|line|options_head)$/
    if (in_struct && !fixed)
        print "    char grown[40];"
    in_struct = 0
}
{ print }
