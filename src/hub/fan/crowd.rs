//! Pages that watch one room with the same eyes. A small task brings every change from the room, encoded once for all of them;
//! where the thread is slower than the changes it finds only the newest.

use super::super::Inbox;
use super::super::close::Close;
use super::super::codec;
use super::super::room::{Audience, Frames, Room};
use super::super::writer::leaving;
use super::Bell;
use super::watcher::Ready;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};

pub struct Crowd {
    pub room: Arc<Room>,
    pub audience: Audience,
    pub inbox: Arc<dyn Inbox>,
    pub newest: Ready,
    /// Numbers of the seats that watch.
    pub members: Vec<usize>,
    shelf: Arc<Shelf>,
}

/// Where the task puts what the thread takes.
struct Shelf {
    newest: Mutex<Ready>,
    /// Everybody has to leave.
    close: Mutex<Option<Close>>,
    changed: AtomicBool,
    bell: Arc<Bell>,
    /// Nobody watches any more.
    deserted: Notify,
}

impl Crowd {
    pub fn gather(
        room: Arc<Room>,
        audience: Audience,
        inbox: Arc<dyn Inbox>,
        leave: watch::Receiver<Option<Close>>,
        bell: Arc<Bell>,
        runtime: &Handle,
    ) -> Self {
        let shelf = Arc::new(Shelf {
            newest: Mutex::default(),
            close: Mutex::default(),
            changed: AtomicBool::new(false),
            bell,
            deserted: Notify::new(),
        });
        let frames = room.frames(audience);
        shelf.put(&frames.borrow());
        let newest = shelf.newest();
        runtime.spawn(bring(frames, leave, Brought(shelf.clone())));
        Self { room, audience, inbox, newest, members: Vec::new(), shelf }
    }

    pub fn is_of(&self, room: &Arc<Room>, audience: Audience) -> bool {
        Arc::ptr_eq(&self.room, room) && self.audience == audience
    }

    /// Takes what is new. True when something is; an error when everybody has to leave.
    pub fn look(&mut self) -> Result<bool, Close> {
        if !self.shelf.changed.swap(false, Ordering::AcqRel) {
            return Ok(false);
        }
        if let Some(close) = *self.shelf.close.lock().unwrap_or_else(PoisonError::into_inner) {
            // The next who come find the same.
            self.shelf.changed.store(true, Ordering::Release);
            return Err(close);
        }
        self.newest = self.shelf.newest();
        Ok(true)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.shelf.deserted.notify_one();
    }
}

impl Shelf {
    fn newest(&self) -> Ready {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, frames: &Frames) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        for (ready, frame) in newest.iter_mut().zip(frames) {
            let Some(frame) = frame else { continue };
            if ready.as_ref().is_none_or(|(stamp, _)| *stamp < frame.stamp) {
                *ready = Some((frame.stamp, codec::text(&frame.text)));
            }
        }
    }

    fn ring(&self) {
        if !self.changed.swap(true, Ordering::AcqRel) {
            self.bell.ring();
        }
    }
}

/// However the task ends, also with its runtime: nothing new would come, so nobody is left waiting for it.
struct Brought(Arc<Shelf>);

impl Drop for Brought {
    fn drop(&mut self) {
        let mut close = self.0.close.lock().unwrap_or_else(PoisonError::into_inner);
        let told = mem::take(&mut *close);
        *close = Some(told.unwrap_or(Close::Stopping));
        drop(close);
        self.0.ring();
    }
}

async fn bring(mut frames: watch::Receiver<Frames>, mut leave: watch::Receiver<Option<Close>>, shelf: Brought) {
    // Something may have come between the first look and this.
    frames.mark_changed();
    loop {
        tokio::select! {
            biased;
            close = leaving(&mut leave) => {
                *shelf.0.close.lock().unwrap_or_else(PoisonError::into_inner) = Some(close);
                return;
            }
            () = shelf.0.deserted.notified() => return,
            changed = frames.changed() => {
                if changed.is_err() {
                    return;
                }
                let newest = frames.borrow_and_update().clone();
                shelf.0.put(&newest);
                shelf.0.ring();
            }
        }
    }
}
