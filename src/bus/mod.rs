//! Floor 3. Carries messages between the nodes of one platform, quickly and without any promise. Nothing rests on it: what is
//! lost is read from the store a moment later, and what is forged is not believed.

pub mod local;
pub mod redis;
