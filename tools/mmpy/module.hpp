// The modules mm and midimonster, which scripts import.
#pragma once

namespace mm::py {

// Makes them importable; before the interpreter starts.
void add_modules();

} // namespace mm::py
